"""Words that CVs are made of, folded (lower case, no accents): headings, posts, degrees, languages."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "ı": "i", "’": "'"}
)


def _fold_any(text: str) -> str:
    # Twice: letters of mathematics, say, are capitals only once they are plain.
    text = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char))


# European letters and usual signs at once: most lines never need the slow road.
_ODD = re.compile("[\u0250-\u1fff\u2040-\U0010ffff]")
_AT_ONCE = {point: _fold_any(chr(point)) for point in (*range(0x80, 0x250), *range(0x2000, 0x2040))}


def fold(text: str) -> str:
    """Lower case without accents; typographic apostrophes straightened."""
    if text.isascii():
        return text.lower()
    return _fold_any(text) if _ODD.search(text) else text.translate(_AT_ONCE).lower()


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as text."""
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(one.strip() for one in text.replace("\n", ";").split(";") if one.strip())


_HEADINGS = {
    "experience": """experience; experiences; experience professionnelle; experiences professionnelles;
        parcours professionnel; parcours; work experience; professional experience; employment; employment history;
        work history; career; career history; emplois; experience pro; stages; stage; internships; experiences et stages;
        mes experiences; professional background; relevant experience; industry experience; research experience;
        teaching experience; experience et stages; missions; carriere; historique professionnel; experiences pro;
        parcours pro; postes occupes; emplois occupes; jobs; mon parcours; experiences significatives;
        experience significative; professional history; selected experience; experience highlights""",
    "education": """formation; formations; education; diplome; diplomes; etudes; cursus; parcours academique;
        academic background; education and training; qualifications; scolarite; formation initiale; formation continue;
        cursus scolaire; cursus universitaire; parcours scolaire; formation academique; formations et diplomes; degrees;
        parcours de formation; mes formations; academic qualifications; training; etudes et formations;
        formations academiques; formation professionnelle; formations professionnelles; diplomes obtenus; studies;
        education & training; academic history; titres et diplomes; certifications et formations""",
    "skills": """competence; competences; skills; savoir-faire; savoir faire; competences techniques; technical skills;
        competences cles; core competencies; core skills; outils; informatique; technologies; logiciels; expertise;
        strengths; key skills; domaines de competences; atouts; competences professionnelles; competences informatiques;
        technical expertise; hard skills; soft skills; mes competences; tools; savoir-etre; qualites; bureautique; expertises;
        domaines d'expertise; competences metier; technical proficiencies; skills & tools; boite a outils;
        connaissances; connaissances informatiques; savoirs; aptitudes; capacites; langages; it skills; soft-skills;
        competences transversales; competences personnelles; competences comportementales; competences fonctionnelles;
        competences principales; mes outils; environnement technique; digital skills; competencies""",
    "languages": """langue; langues; langues vivantes; mes langues; langues pratiquees; spoken languages; languages; language; langues etrangeres; language skills; competences linguistiques;
        langues parlees; linguistique""",
    "references": """reference; references; referent; referents; referees; recommandation; recommandations;
        recommendations; references professionnelles; professional references; personnes a contacter; mes references""",
    "interests": """centres d'interet; centres d'interets; centre d'interet; loisirs; interests; hobbies; divers; passions;
        interests & hobbies; activites; activities; extra-curricular activities; activites extra-professionnelles;
        personal interests; sports""",
    "summary": """profil; profile; summary; a propos; a propos de moi; about me; about; objectif; objective; resume;
        qui suis-je; presentation; career objective; professional summary; profil professionnel; accroche; status;
        executive summary; personal statement; introduction; en bref; synthese; qui je suis; en quelques mots;
        mon profil; my profile; resume du profil; points forts; overview""",
    "contact": """contact; contacts; coordonnees; informations personnelles; personal information; etat civil;
        informations; info; infos; personal details; contact details; mes coordonnees; me contacter; contact information;
        donnees personnelles; renseignements personnels; contact me""",
    "target": """poste vise; poste recherche; poste souhaite; emploi recherche; job applied for; position sought;
        desired position; poste; preferred job; objectif professionnel; titre""",
    "other": """projets; projects; publications; certifications; certification; awards; honours; honors; volunteer;
        volunteering; benevolat; engagements; patents; journals; conferences; talks; realisations; portfolio; prix;
        distinctions; affiliations; memberships; permis; mobilite; fields; operating systems; research;
        selected honors; accomplishments; achievements; scholarships; scholarships and awards; invited talks;
        service; speaking; writing; governance; samples; annexe; annexes; autres; autre; other; media; disclosure;
        a savoir; souhait; souhaits; recherche; remarques; disponibilite; informations complementaires;
        renseignements complementaires; additional information; informations diverses; engagement; vie associative;
        experiences associatives; experience associative; prix et distinctions; reseaux; liens; links""",
}
HEADINGS: dict[str, str] = {
    phrase: section for section, text in _HEADINGS.items() for phrase in _phrases(text)
}

JOBS = word_set("""
directeur directrice responsable chef cheffe manager ingenieur ingenieure developpeur developpeuse consultant
consultante assistant assistante comptable juriste infirmier infirmiere acheteur acheteuse technicien technicienne
commercial commerciale analyste controleur controleuse charge chargee conseiller conseillere vendeur vendeuse
secretaire traducteur traductrice architecte designer engineer developer officer analyst administrator administrateur
administratrice director lead head founder cofounder president presidente professor researcher teacher professeur
professeure enseignant enseignante chauffeur conducteur conductrice operateur operatrice agent agente gestionnaire
coordinateur coordinatrice coordonnateur formateur formatrice graphiste medecin pharmacien avocat avocate notaire
cuisinier cuisiniere serveur serveuse electricien electricienne plombier magasinier cariste approvisionneur approvisionneuse auditeur
auditrice recruteur recruteuse redacteur redactrice journaliste stagiaire alternant alternante apprenti apprentie intern
trainee employee employe employee programmer specialist specialiste expert experte tester scientist student etudiant
etudiante doctorant doctorante animateur animatrice educateur educatrice psychologue attache attachee adjoint adjointe
cadre delegue deleguee drh daf ceo cto cfo coo associate associe associee partner buyer accountant nurse lawyer clerk
representative executive supervisor superviseur vice-president aide-soignant aide-soignante ouvrier ouvriere mecanicien
mecanicienne soudeur peintre macon menuisier receptionniste standardiste hotesse coiffeuse coiffeur estheticienne
electromecanicien electromecanicienne chaudronnier chaudronniere exploitant exploitante cariste commis soudeuse
chauffeuse collaborateur collaboratrice technico-commercial technico-commerciale second seconde majordome
gouvernante boucher bouchere boulanger boulangere patissier patissiere traiteur caissier caissiere magasiniere
juriste clerc greffier huissier correcteur correctrice bibliothecaire archiviste documentaliste libraire
opticien opticienne orthophoniste kinesitherapeute ergotherapeute osteopathe veterinaire dentiste sage-femme
auxiliaire ambulancier ambulanciere brancardier pompier gendarme policier militaire surveillant surveillante
instituteur institutrice proviseur moniteur monitrice paysagiste jardinier jardiniere agriculteur agricultrice
eleveur viticulteur oenologue sommelier sommeliere barman barmaid plongeur pizzaiolo couvreur carreleur
plaquiste charpentier ebeniste tapissier couturier couturiere styliste modeliste maquettiste photographe
cadreur monteuse realisateur realisatrice scenariste comedien comedienne musicien musicienne danseur danseuse
conducteurs metreur metreuse topographe automaticien automaticienne roboticien cableur bobinier frigoriste
chauffagiste climaticien domoticien serrurier metallier tuyauteur fondeur mouleur outilleur rectifieur
controleurs metrologue qualiticiens preventeur preventrice laborantin laborantine biologiste chimiste physicien
mathematicien geologue geographe sociologue anthropologue archeologue historien economist chemist biologist
physicist mathematician statistician geologist teller cashier waiter waitress chef cook baker butcher driver
mechanic electrician plumber welder carpenter painter operator warehouseman picker packer storekeeper foreman
surveyor draughtsman draftsman designer illustrator photographer paralegal solicitor barrister secretary
receptionist bookkeeper auditor controller treasurer underwriter adjuster recruiter marketer copywriter
planner strategist writer editor translator instructor lecturer fellow advisor adviser coach trader broker banker
banquier actuaire statisticien economiste urbaniste geometre dessinateur dessinatrice monteur ajusteur usineur
regleur tourneur fraiseur programmeur webmaster webmestre integrateur administratif ninja gerant gerante
owner maintainer contributor chercheur chercheuse postdoc ouvreur preparateur preparatrice livreur livreuse
negociateur negociatrice courtier courtiere logisticien logisticienne planificateur ordonnanceur qualiticien
qualiticienne prospecteur teleprospecteur teleconseiller teleconseillere community scrum product devops
""")

ORGANISATIONS = word_set("""
sa sas sarl sasu eurl sci scop gmbh ag ltd inc llc plc corp corporation group groupe cabinet societe association
universite university universitat universidad ecole school lycee institut institute college hopital hospital clinique
mairie banque bank company compagnie technologies technology solutions consulting conseil services international
fondation foundation ministere ministry academie academy faculte faculty laboratoire laboratories lab labs iut ifsi
organization organisation agence agency studio industries systems systemes editions transports ateliers etude
cooperative conserverie brasserie restaurant hotel pharmacie conseils partners holding centre center
recrutement recruitment interim staffing assurances assurance mutuelle etablissements ets freres fils associes
laiteries fonderie papeteries fonderies papeterie cabinets hotels laboratoire manufacture imprimerie garage
boulangerie librairie magasins supermarche hypermarche entreprise entreprises distribution logistique transport
logiciels systemes informatique energie energies constructions construction batiment emballages mecanique
caisse prefecture departement region metropole commune communaute ehpad chu crous cpam caf urssaf
""")

STREETS = (
    r"rue|avenue|ave|av\.?|boulevard|blvd|bd\.?|place|pl\.?|chemin|che\.|all[ée]es?|route|rte|impasse|imp\.|quai|"
    r"square|cours|passage|r[ée]sidence|lotissement|lieu[- ]dit|hameau|faubourg|mont[ée]e|villa|cit[ée]|sentier|"
    r"esplanade|promenade|rond-point|venelle|clos|domaine|parc"
)
"""What a French street address is called by, as a pattern."""

DEGREES = re.compile(
    r"\b(?:master|attestation|mention complementaire|acca|cima|a levels|descf|beatep|bpjeps|bafa|deffa|dpp|mastere|licence|maitrise|bts|btsa|dut|but|deug|deust|dess|dea|diplome|diploma|bac(?:calaureat)?(?!k)|"
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

FORBIDDEN = re.compile(
    r"\b(?:ne(?:e|\(e\))? (?:le|en|a|au)\b|date de naissance|lieu de naissance|birth ?date|date of birth|place of birth|born (?:on|in)|birthday|"
    r"nationalite|nationality|citizenship|celibataire|marie\(?e?\)?(?= ?[,;(|]| avec|$)|mariee|divorce|divorcee|pacse|pacsee|veuf|veuve|"
    r"marital status|married|situation (?:familiale|de famille)|single\b|enfants?|children|sexe|gender|"
    r"\d{2} ans|age|years old|securite sociale|n° ?ss|nir\b|iban|religion|permis de sejour|titre de sejour)\b",
)
"""What the law keeps out of a file (gdpr.md 6.1): a line with one of these proposes nothing."""
