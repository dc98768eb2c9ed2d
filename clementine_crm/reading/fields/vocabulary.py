"""Words that CVs are made of, folded (lower case, no accents): headings, posts, degrees, names."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "ı": "i", "’": "'"})


def fold(text: str) -> str:
    """Lower case without accents; typographic apostrophes straightened."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(char for char in plain if not unicodedata.combining(char))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(one.strip() for one in text.replace("\n", ";").split(";") if one.strip())


_HEADINGS = {
    "experience": """experience; experiences; experience professionnelle; experiences professionnelles;
        parcours professionnel; parcours; work experience; professional experience; employment; employment history;
        work history; career; career history; emplois; experience pro; stages; stage; internships; experiences et stages;
        mes experiences; professional background; relevant experience; industry experience; research experience;
        teaching experience; experience et stages; missions; carriere; historique professionnel""",
    "education": """formation; formations; education; diplome; diplomes; etudes; cursus; parcours academique;
        academic background; education and training; qualifications; scolarite; formation initiale; formation continue;
        cursus scolaire; cursus universitaire; parcours scolaire; formation academique; formations et diplomes; degrees;
        parcours de formation; mes formations; academic qualifications; training""",
    "skills": """competence; competences; skills; savoir-faire; savoir faire; competences techniques; technical skills;
        competences cles; core competencies; core skills; outils; informatique; technologies; logiciels; expertise;
        strengths; key skills; domaines de competences; atouts; competences professionnelles; competences informatiques;
        technical expertise; hard skills; soft skills; mes competences; tools; savoir-etre; qualites; bureautique; expertises;
        domaines d'expertise; competences metier; technical proficiencies; skills & tools""",
    "languages": """langue; langues; languages; language; langues etrangeres; language skills; competences linguistiques;
        langues parlees; linguistique""",
    "references": """reference; references; referent; referents; referees; recommandation; recommandations;
        recommendations; references professionnelles; professional references; personnes a contacter; mes references""",
    "interests": """centres d'interet; centres d'interets; centre d'interet; loisirs; interests; hobbies; divers; passions;
        interests & hobbies; activites; activities; extra-curricular activities; activites extra-professionnelles;
        personal interests; sports""",
    "summary": """profil; profile; summary; a propos; a propos de moi; about me; about; objectif; objective; resume;
        qui suis-je; presentation; career objective; professional summary; profil professionnel; accroche; status;
        executive summary; personal statement; introduction""",
    "contact": """contact; contacts; coordonnees; informations personnelles; personal information; etat civil;
        informations; info; infos; personal details; contact details; mes coordonnees; me contacter; contact information;
        donnees personnelles; renseignements personnels; contact me""",
    "target": """poste vise; poste recherche; poste souhaite; emploi recherche; job applied for; position sought;
        desired position; poste; preferred job; objectif professionnel; titre""",
    "other": """projets; projects; publications; certifications; certification; awards; honours; honors; volunteer;
        volunteering; benevolat; engagements; patents; journals; conferences; talks; realisations; portfolio; prix;
        distinctions; affiliations; memberships; permis; mobilite; fields; operating systems; research;
        selected honors; accomplishments; achievements; scholarships; scholarships and awards; invited talks;
        service; speaking; writing; governance; samples; annexe; annexes; autres; autre; other; media; disclosure""",
}
HEADINGS: dict[str, str] = {
    phrase: section for section, text in _HEADINGS.items() for phrase in _phrases(text)
}

JOBS = _words("""
directeur directrice responsable chef cheffe manager ingenieur ingenieure developpeur developpeuse consultant
consultante assistant assistante comptable juriste infirmier infirmiere acheteur acheteuse technicien technicienne
commercial commerciale analyste controleur controleuse charge chargee conseiller conseillere vendeur vendeuse
secretaire traducteur traductrice architecte designer engineer developer officer analyst administrator administrateur
administratrice director lead head founder cofounder president presidente professor researcher teacher professeur
professeure enseignant enseignante chauffeur conducteur conductrice operateur operatrice agent agente gestionnaire
coordinateur coordinatrice coordonnateur formateur formatrice graphiste medecin pharmacien avocat avocate notaire
cuisinier cuisiniere serveur serveuse electricien plombier magasinier cariste approvisionneur approvisionneuse auditeur
auditrice recruteur recruteuse redacteur redactrice journaliste stagiaire alternant alternante apprenti apprentie intern
trainee employee employe employee programmer specialist specialiste expert experte tester scientist student etudiant
etudiante doctorant doctorante animateur animatrice educateur educatrice psychologue attache attachee adjoint adjointe
cadre delegue deleguee drh daf ceo cto cfo coo associate associe associee partner buyer accountant nurse lawyer clerk
representative executive supervisor superviseur vice-president aide-soignant aide-soignante ouvrier ouvriere mecanicien
mecanicienne soudeur peintre macon menuisier receptionniste standardiste hotesse coiffeuse coiffeur estheticienne
planner strategist writer editor translator instructor lecturer fellow advisor adviser coach trader broker banker
banquier actuaire statisticien economiste urbaniste geometre dessinateur dessinatrice monteur ajusteur usineur
regleur tourneur fraiseur programmeur webmaster webmestre integrateur administratif ninja gerant gerante
owner maintainer contributor chercheur chercheuse postdoc ouvreur preparateur preparatrice livreur livreuse
negociateur negociatrice courtier courtiere logisticien logisticienne planificateur ordonnanceur qualiticien
qualiticienne prospecteur teleprospecteur teleconseiller teleconseillere community scrum product devops
""")

ORGANISATIONS = _words("""
sa sas sarl sasu eurl sci scop gmbh ag ltd inc llc plc corp corporation group groupe cabinet societe association
universite university universitat universidad ecole school lycee institut institute college hopital hospital clinique
mairie banque bank company compagnie technologies technology solutions consulting conseil services international
fondation foundation ministere ministry academie academy faculte faculty laboratoire laboratories lab labs iut ifsi
organization organisation agence agency studio industries systems systemes editions transports ateliers etude
cooperative conserverie brasserie restaurant hotel pharmacie conseils partners holding centre center
""")

DEGREES = re.compile(
    r"\b(?:master|mastere|licence|maitrise|bts|btsa|dut|but|deug|deust|dess|dea|diplome|diploma|bac(?:calaureat)?(?!k)|"
    r"doctorat|doctorate|ph\.?\s?d|b\.?sc|m\.?sc|m\.?b\.?a|b\.?a|m\.?a|msc|cap|bep|ingenieur|bachelor|bachelor's|master's|"
    r"titre professionnel|programme grande ecole|grande ecole|capes|agregation|dcg|dscg|desu|cqp|brevet|habilitation|"
    r"certificat d'aptitude|magistere|graduate degree|degree|bs|ms|gcse|a-levels|abitur)\b",
)

LANGUAGES = {
    **dict.fromkeys(("francais", "french", "franzosisch"), "fr"), **dict.fromkeys(("anglais", "english"), "en"),
    **dict.fromkeys(("espagnol", "spanish", "castillan"), "es"), **dict.fromkeys(("allemand", "german", "deutsch"), "de"),
    **dict.fromkeys(("italien", "italian", "italiano"), "it"), **dict.fromkeys(("portugais", "portuguese"), "pt"),
    **dict.fromkeys(("neerlandais", "dutch", "flamand", "hollandais"), "nl"), **dict.fromkeys(("arabe", "arabic"), "ar"),
    **dict.fromkeys(("chinois", "chinese", "mandarin"), "zh"), **dict.fromkeys(("japonais", "japanese"), "ja"),
    **dict.fromkeys(("russe", "russian"), "ru"), **dict.fromkeys(("turc", "turkish"), "tr"),
    **dict.fromkeys(("vietnamien", "vietnamese"), "vi"), **dict.fromkeys(("suedois", "swedish"), "sv"),
    **dict.fromkeys(("breton",), "br"), **dict.fromkeys(("polonais", "polish"), "pl"),
    **dict.fromkeys(("roumain", "romanian"), "ro"), **dict.fromkeys(("ukrainien", "ukrainian"), "uk"),
    **dict.fromkeys(("grec", "greek"), "el"), **dict.fromkeys(("hebreu", "hebrew"), "he"),
    **dict.fromkeys(("hindi",), "hi"), **dict.fromkeys(("coreen", "korean"), "ko"),
    **dict.fromkeys(("danois", "danish"), "da"), **dict.fromkeys(("norvegien", "norwegian"), "no"),
    **dict.fromkeys(("finnois", "finnish"), "fi"), **dict.fromkeys(("tcheque", "czech"), "cs"),
    **dict.fromkeys(("hongrois", "hungarian"), "hu"), **dict.fromkeys(("bulgare", "bulgarian"), "bg"),
    **dict.fromkeys(("persan", "farsi", "persian"), "fa"), **dict.fromkeys(("berbere", "kabyle", "tamazight"), "ber"),
    **dict.fromkeys(("catalan",), "ca"), **dict.fromkeys(("basque",), "eu"), **dict.fromkeys(("corse",), "co"),
    **dict.fromkeys(("wolof",), "wo"), **dict.fromkeys(("serbe", "serbian", "croate", "croatian"), "sh"),
    **dict.fromkeys(("slovene", "slovenian"), "sl"), **dict.fromkeys(("lingala",), "ln"), **dict.fromkeys(("latin",), "la"),
    **dict.fromkeys(("occitan",), "oc"), **dict.fromkeys(("alsacien",), "gsw"), **dict.fromkeys(("lsf",), "fsl"),
}  # fmt: skip

PARTICLES = _words("de du des d' la le les van von der den di da dos del della el al ben bin abu ait ould mac mc st st. ter ten zu y e")

NOT_NAMES = JOBS | ORGANISATIONS | frozenset(LANGUAGES) | _words("""
curriculum vitae cv resume page profil profile contact telephone tel mobile email mail e-mail courriel adresse address
rue avenue boulevard place chemin allee route impasse quai square cours street road lane drive france paris lyon
marseille toulouse nice nantes bordeaux lille strasbourg rennes dijon germany spain italy usa uk canada belgique suisse
permis nationalite ne nee date naissance age ans marie celibataire janvier fevrier mars avril mai juin juillet aout
septembre octobre novembre decembre january february march april june july august september october november december
jan feb apr jun jul aug sept sep oct nov dec present today aujourd'hui confidentiel confidential last updated
welcome to and or of the for with et ou pour avec dans sur en a at by in on my your our job title position
experience education formation competences skills langues languages interets references objectif poste vise
python java javascript excel word powerpoint sap linux windows docker sql html css php react angular
disponible disponibilite available immediately recherche emploi stage alternance cdi cdd interim lettre motivation
personal personnelles personnelle informations information details professionnelle professionnel professional work
monsieur madame objet candidature application mission summary status
""") - _words("marie avril a e your")  # first names, particles

FIRST_NAMES = _words("""
adam adele adrien agathe agnes ahmed aicha alain alan albert alex alexander alexandra alexandre alexia alexis alfred ali
alice alicia aline alix amandine ambre amelie amin amina amine amir amy ana anais andre andrea andrew andy angela
angelique anita ann anna anne annick annie anthony antoine antonin antonio apolline ariane armand arnaud arthur astrid
aude audrey augustin aurelia aurelie aurelien axel axelle aya ayoub baptiste barbara bastien beatrice benedicte benjamin
benoit bernadette bernard bertrand bilal bob boris brahim brendan brian brice brigitte bruno camille carine carl carla
carlos carmen carole caroline catherine cecile cedric celia celine chantal charles charlie charline charlotte chloe chris
christel christelle christian christiane christine christophe christopher cindy claire clara clarisse claude claudette
claudia claudine clea clemence clement clementine colette coline constance corentin corinne cyril cyrille damien dan
daniel daniela danielle daphne david deborah delphine denis denise diana diane didier dimitri djamel dominique donald
dorian dorothee dylan eddy edgar edith edouard edward eleonore elena eliane elias elisa elisabeth elise elizabeth ella
elodie eloise elsa emeline emeric emile emilie emily emma emmanuel emmanuelle enzo eric erica erik erwan erwann esther
estelle ethan etienne eugene eugenie eva evan evelyne ewen fabien fabienne fabio fabrice farid fatiha fatima fatou felix
fernand fernando fiona flavie flavien florence florent florian francine francis francisco franck francois francoise frank
fred frederic frederique gabin gabriel gabrielle gael gaelle gaetan gaspard gauthier genevieve geoffrey geoffroy george
georges gerald geraldine gerard gertrude ghislaine gilbert gilles gisele giulia grace greg gregoire gregory guillaume
gustave guy gwenaelle hakim hamid hamza hanna hannah harry hassan heather helena helene henri henry herve hicham hubert
hugo hugues ian ibrahim igor ilan imane ines ingrid irene iris isaac isabelle ismael ivan jacqueline jacques jade jamal
james jan jane janine jason jean jeanne jeannine jeff jennifer jenny jeremie jeremy jerome jesse jessica jill jim joan
joanna joao jocelyne joel joelle joey johan johanna john johnny jon jonas jonathan jordan jorge jose joseph josephine
josette joshua josiane josue juan judith jules julia julian julie julien juliette julius justin justine kamel karen karim
karin karine karl kate katherine kathleen kathy katia kelly ken kenza kevin khaled kim laetitia laila lamia lara larry
laura laure laurence laurent laurie lea leila lena leo leon leonard leonie leslie leticia lila lili liliane lilou lina
linda lionel lisa lise lison loic lola lorenzo lou louis louisa louise louison luc luca lucas lucia lucie lucien luciano
lucile lucy ludivine ludovic luis luke lydia lydie lyna madeleine mael maelle maelys maeva magali maggie malik manon
manuel marc marcel marcelle marco margaret margaux margot marguerite maria marianne marie mariam marina marine mario
marion marius mark marlene marta marthe martin martina martine mary maryline maryse mateo mathias mathieu mathilde
mathis matt matteo matthew matthias matthieu maud maurice max maxence maxime maya mehdi melanie melina melissa mel
michael michel michele micheline mickael mike mila milan mina mireille mohamed mohammed monica monique mounir morgan
morgane mourad moussa muriel myriam nabil nadege nadia nadine naima nancy nassim natacha natalia natasha nathalie nathan
nawel neil nelly nicholas nick nicolas nicole nina ninon noa noah noe noel noelle noemie nolan nora norbert nour oceane
odette odile olga olivia olivier omar ondine oscar pablo pamela paola pascal pascale pat patrice patricia patrick paul
paula paulette pauline pedro perrine peter phil philip philippe pierre pierrick priscilla quentin rachel rachid rafael
ralph raoul raphael raphaelle raymond raymonde rebecca regine regis remi remy renaud rene renee richard rita robert robin
rodolphe rodrigue roger roland romain romane romeo romuald ronan rosa rosalie rose ruben ruth ryan sabine sabrina sacha
said salim sally salome sam samantha samia samir samuel samy sandra sandrine sara sarah scott sean sebastien selim selma
serena serge sergio severine shirley sidonie simon simone sofia sofiane solange solene sonia sophia sophie soraya stacy
stan stanislas stella stephane stephanie stephen steve steven suzanne sybille sylvain sylvia sylvie tamara tanguy tania
tatiana ted teo teresa thea theo theodore theophile theresa therese thibaud thibault thierry thomas tiffany tim timothee
timothy tina titouan tom tommy tony tristan ugo ulysse ursula valentin valentine valerie vanessa vera veronique vianney
vicky victoire victor victoria vincent violaine violette virginia virginie vivian viviane vladimir walter wassim wendy
wilfried wilhelm william xavier yael yann yanis yannick yasmina yasmine yassine yohan yolande youcef younes youssef yvan
yves yvette yvon yvonne zacharie zara zineb zoe sourabh wei li ming yuki thi van anh minh nguyet mamadou aminata fanta
ousmane abdoulaye awa mariama kadiatou seydou rokia olusegun chinedu priya rahul anil sunita deepak ravi
""") - _words("van li")

TOWNS = _words("""
paris marseille lyon toulouse nice nantes montpellier strasbourg bordeaux lille rennes reims toulon grenoble dijon angers
nimes villeurbanne clermont-ferrand aix-en-provence brest tours amiens limoges annecy perpignan boulogne-billancourt metz
besancon orleans rouen mulhouse caen nancy argenteuil saint-denis saint-etienne montreuil roubaix tourcoing avignon
dunkerque poitiers versailles courbevoie creteil pau colombes vitry-sur-seine aulnay-sous-bois asnieres-sur-seine antibes
calais beziers cannes bourges colmar quimper merignac valence lorient vannes laval niort chambery saint-nazaire beauvais
cholet arras ajaccio bastia blois chartres troyes evry cergy angouleme albi tarbes bayonne anglet agen auxerre macon
haguenau vesoul belfort epinal charleville-mezieres saint-malo saint-brieuc le-havre le-mans la-rochelle la-roche-sur-yon
issy-les-moulineaux levallois-perret neuilly-sur-seine rueil-malmaison nanterre puteaux suresnes vincennes meaux melun
fort-de-france saint-pierre cayenne bruxelles geneve lausanne luxembourg liege namur monaco montreal casablanca rabat
tunis alger dakar abidjan london berlin munich hamburg bremen frankfurt cologne madrid barcelona lisbon rome milan
amsterdam rotterdam dublin edinburgh manchester vienna zurich stockholm oslo copenhagen helsinki warsaw prague ljubljana
""")

FORBIDDEN = re.compile(
    r"\b(?:nee? le|date de naissance|lieu de naissance|birth ?date|date of birth|place of birth|born (?:on|in)|birthday|"
    r"nationalite|nationality|citizenship|celibataire|marie\(?e?\)?(?= ?[,;(|]| avec|$)|mariee|divorce|divorcee|pacse|pacsee|veuf|veuve|"
    r"marital status|married|situation (?:familiale|de famille)|single\b|enfants?|children|sexe|gender|"
    r"\d{2} ans|age|years old|securite sociale|n° ?ss|nir\b|iban|religion|permis de sejour|titre de sejour)\b",
)
"""What the law keeps out of a file (gdpr.md 6.1): a line with one of these proposes nothing."""
