"""First names, towns, and the words that are neither, folded (lower case, no accents)."""

from __future__ import annotations

from clementine_crm.reading.fields.vocabulary import JOBS, LANGUAGES, ORGANISATIONS, word_set

PARTICLES = word_set(
    "de du des d' la le les van von der den di da dos del della el al ben bin abu ait ould mac mc st st. ter ten zu y e"
)

NOT_NAMES = (
    JOBS
    | ORGANISATIONS
    | frozenset(LANGUAGES)
    | word_set("""
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
monsieur madame objet candidature application mission summary status dossier vehicule vehiculee motorise
motorisee mobilite mobile celibataire prenom nom first last marie mariee
francaise nationality permanent contract contrat temps plein ressources humaines human resources gestion
administrative administratif data science marketing digital communication finance finances comptabilite accounting
commerce vente ventes sales qualite quality securite safety industrie developpement development web international
export import achats logistique logistics production maintenance informatique systemes reseaux sante health autonomie
rigueur adaptabilite polyvalence motivation energie relation relations client clients clientele grands comptes moyens
generaux grande distribution gros oeuvre transport transports restauration hotellerie tourisme batiment travaux
publics aide personne service services public social sociale sociaux juridique droit affaires direction generale
general management business analysis engineering software hardware cloud mechanical electrical civil project projet
projets research recherche supply chain
""")
    - word_set("marie avril a e your jan mai april may june august second")
)  # first names, particles

FIRST_NAMES = word_set("""
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
abdel abdelkader abdellah abderrahmane achraf adel adil akim amadou amal amar anas anass asma assia aymen aziz
badr bachir brahima chahinez chaima chakib chaker chafik dalila djamila djibril douaa driss dounia elhadj fadila fadel
faiza faouzi farah farida fathi fatma fethi fouad fouzia ghassan habib habiba hadi hafid hafida hafsa hajar halima
hanane hanan hasna hayat hind houda houria houssem ibrahima idriss ikram ilham ilyes ilyas imad imed inaya jalal
jamel jamila kader kadija karima khadija khadidja khalid lamine latifa leila leyla lilia lina lotfi loubna lounes
maha mahmoud malika mariam maroua marwa maryam meriem meryem miloud mokhtar moncef mouna mounia moustapha mustapha
mustafa nabila nacer nadir najat najib nasser nassima nawal nizar noureddine nouria nour oumar oumou oussama ouassila
rabah rachida rafik rahma ramzi rania redouane reda rim rima riad ryad saad sabri safia said saida salah salem saliha
salma samiha samira sana sanaa sarra sawsen selma siham sihem slimane soufiane souad souhila soumia tahar tarek
tarik toufik wafa wahid walid widad wissam yacine yahia yamina yasmin yassin youcef yousra zakaria zahra zahia zaki
zohra zoubida agnieszka aleksandra aleksander anastasia andrei andrzej anja anke anton antonia arek artem astou beata
bogdan bozena cristina cristian dagmar danuta dariusz denisa dieter dmitri dorota ekaterina elena emil ewa filip
florin franz fritz galina gabriela georgi gheorghe giorgio giovanni giuseppe goran grzegorz hans heike heinz helga
henrik henryk horst ileana ilona ines ioana ion irina istvan iwona jadwiga jakub jana janusz jaroslav jerzy joachim
jochen joanna jolanta jozef jurgen kamila karol katarzyna katharina klaus konstantin krzysztof laszlo lars lech liam
ludmila lukas lukasz maciej magda magdalena malgorzata marcin marek mariana mariusz markus marta matteusz mateusz
mihai milena miroslav miroslaw monika natalya nikolai nikola nikolaos oksana oleg olena pavel pawel petra piotr radek
radoslaw rainer ralf renata robert roxana rudiger ruslan sabina sebastian sergei sergiy serguei silvia slawomir
stanislaw stefan stefania stefano susanne svetlana sylwia szymon tadeusz tatjana tomasz tomas ulrich ute vasile
veronika viktor vitaly waldemar wanda werner wieslaw wojciech wolfgang xenia yevgeni yulia yuri zbigniew zofia
afonso alessandra alessandro alfonso alvaro ana-maria angelo armando armelle artur beatriz bianca camila catarina
cesar chiara claudio concepcion diego domingos dolores duarte edgard eduarda eduardo emilia emilio enrique ernesto
esperanza fatoumata felipe fernanda filipe filomena francesca francesco franco gabriella gonzalo graca guilherme
helder henrique hernan ignacio ilda inacio isabel isabella jaime javier joaquim joaquin jorge josefa juana juliana
lidia lorena lourdes luciana luigi luisa luiz manuela marcela marcello marcelo marcia mariano miguel monica nelson nuno
orlando oswaldo paolo patricio paulo pepe pilar rafaela ramon raquel rafael ricardo rodolfo rodrigo rogerio rosario
rui salvador salvatore santiago silvio soledad sergio susana telma tereza tiago tomas valentim vasco vera vicente
vinicius vitor adama adele adjoa aissata aissatou akosua alassane alioune alpha amara amina aminatou arame assane
astrid awa babacar bakary balla binta boubacar cheick cheikh coumba demba diarra djeneba dieynaba fatimata fode
gaoussou hawa issa issouf kadi kofi koffi kone kwame lamine maimouna mamoudou mansour mariame massamba modou mor moriba
moctar nafissatou ndeye ngozi nkechi obinna oluwaseun oumarou ousseynou pape safiatou saliou sekou seynabou sira
sory souleymane tidiane yaya ye yao yves-marie zeinab aditi ajay akash amit amrita ananya anita anjali ankit anuj arjun
arun ashok aya bao bing chen cheng chi cuong dao dinh duc dung feng gopal hai haruto hiroshi hoa hong hui huong hung
indira jia jin jing jun kavita kavya kenji khanh kiran kumar lakshmi lan lien linh ling long manish meera mei mohan
nam neha nga ngan nguyen nikhil nisha phuong pooja qing quan quang rajesh rakesh rohan rohit sakura sandeep sanjay
satoshi shreya sneha suresh swati takashi tam tao thanh thao thuy tran trang trung tuan usha vijay vikram vinh vivek xiao
xin yan yang yen ying yoko yong yu yun zhen aoife arthur aidan ailsa alasdair alistair alison amber angus archie barry
becky beth bethany bridget bronwen bryan callum cameron carole catriona ceri ciara clare colin conor craig dawn
declan deirdre derek diarmuid donna dorothy douglas duncan eamonn edwin eilidh eleanor ellen ellie emer erin ernest
euan ewan faye finlay fionnuala freya gail gareth gary gavin gemma gillian glen glenn gordon graeme graham grainne
gwen gwyneth hamish harriet harvey hazel heidi holly howard hugh huw iain imogen innes isla isobel ivor jack jackie
jasmine jean-marc jed jemima jessie joanne joy joyce judy keith kerry kieran kirsty lauren leah lesley lewis lorna
lorraine louisa lucinda lynn maeve mairi malcolm marcus marian maureen megan melvin miles moira molly morag muriel
murray naomi neal neve niall nigel nora norma oliver orla owen padraig paige patience pauline pearl penelope penny
percy philippa phoebe polly rachael reece rhiannon rhona rhys roderick roisin rory rosalind rosemary rosie ross rowan
roy rupert russell ruth sheila sian sinead siobhan spencer stewart stuart susan suzy tamsin tara teresa tessa toby
tracey tracy trevor tristram una vaughan wayne wilfred winston yasmin zack zachary zoe anaelle apolline bertille
blandine brieuc briac brigitte capucine cassandre celeste clelia clothilde clotilde cloe come corentine cyprien
dorine edern elouan enora erell eulalie evelise faustine felicie fleur gaelle gauvain ghislain goulven guenole
guenaelle gwenael gwendal gwendoline gwenola gwladys hermine hippolyte honore jehanne joris kevin killian loick
leopold leopoldine lorraine ludmilla maden madenn mathurin mayeul melaine melody morvan nolwenn octave oriane
ombeline pacome perrine philibert prune quitterie rozenn ronan romuald sixtine solveig tiphaine tugdual ulrich
urbain vianney viviane yaelle yannig ysaline yoann yohann yoan yvonnick maelig malo mona emeline jordane sofiane
marie-ange marylene maryvonne mauricette mathilda mathys nino noemi odilon ophelie paulin rosine roselyne roxane
sandie sandy sasha severin sharon sheila sigrid stephanie sybil tatiana timeo titus tom-paul ulysse victorine yvanne
allan armelle aurore berenice cecilia charlene cyndie cynthia daisy davy dany davina dimitry dora elvire elvis
emmanuella erika ernestine fannie fanny fernande firmin florine gaby geraud gwenn isaure ivana jenna jennyfer
jimmy joane johnathan jordane julianne kelly kelvin kilian kristell kristina ladislas laureen laurine laury leana
leonore leslie lilian liliana lilou lily linda loane loris lorine ludwig lysiane maite malcolm mandy marcelin
margerie marie-claude marie-france marjolaine marjorie marvin maryse melissandre mickael mireille mylene nelly
nils noam oceane olympe orane pierre-yves raymonde regina reine reynald rodney romy rosanne rudy sabrine salvatore
sammy sandro severine soline steeve stephen sydney tess thea theodora thomasine timothe tonio vanina venceslas
wilfrid willy winnie xaviere yannis yoan yolaine
""") - word_set("van li long kumar yang chen tran nguyen kone joy ye hai hong")

SURNAMES = word_set("""
martin bernard thomas robert richard simon laurent michel david bertrand vincent andre francois mercier guerin
lambert henry rousseau nicolas perrin morin mathieu clement gauthier robin masson marchand denis gerard adam
arnaud roger roy louis germain benoit aubert charles leon etienne remy leroy lucas jacques gilbert gautier
james george scott lee kelly ryan jordan morgan grant craig taylor alexander graham neil stuart gabriel victor
marin martinez ruben ali hassan ahmed omar diallo tanguy herve guy julien renaud georges joseph yves gilles
""")
"""Family names that are first names as well: standing last, they prove nothing."""

TOWNS = word_set("""
paris marseille lyon toulouse nice nantes montpellier strasbourg bordeaux lille rennes reims toulon grenoble dijon angers
nimes villeurbanne clermont-ferrand aix-en-provence brest tours amiens limoges annecy perpignan boulogne-billancourt metz
besancon orleans rouen mulhouse caen nancy argenteuil saint-denis saint-etienne montreuil roubaix tourcoing avignon
dunkerque poitiers versailles courbevoie creteil pau colombes vitry-sur-seine aulnay-sous-bois asnieres-sur-seine antibes
calais beziers cannes bourges colmar quimper merignac valence lorient vannes laval niort chambery saint-nazaire beauvais
cholet arras ajaccio bastia blois chartres troyes evry cergy angouleme albi tarbes bayonne anglet agen auxerre macon
haguenau vesoul belfort epinal charleville-mezieres saint-malo saint-brieuc le-havre le-mans la-rochelle la-roche-sur-yon
issy-les-moulineaux levallois-perret neuilly-sur-seine rueil-malmaison nanterre puteaux suresnes vincennes meaux melun
fort-de-france saint-pierre cayenne bruxelles geneve lausanne luxembourg liege namur monaco montreal casablanca rabat
beaune vichy voiron bourg-en-bresse obernai selestat saverne molsheim erstein bischheim schiltigheim illkirch-graffenstaden illkirch brumath
lingolsheim saint-louis thionville forbach sarreguemines luneville toul verdun bar-le-duc chaumont langres saint-dizier
epernay sedan rethel laon soissons saint-quentin compiegne creil senlis abbeville boulogne-sur-mer saint-omer lens
douai valenciennes cambrai maubeuge bethune henin-beaumont armentieres hazebrouck dieppe fecamp evreux vernon louviers
lisieux bayeux cherbourg cherbourg-en-cotentin saint-lo alencon flers argentan dol-de-bretagne fougeres vitre redon
dinan dinard lannion guingamp morlaix landerneau concarneau douarnenez pontivy ploermel auray chateaubriant ancenis
saumur sable-sur-sarthe chateau-gontier mayenne chateauroux issoudun vierzon romorantin vendome chateaudun dreux
rambouillet montargis gien pithiviers sens joigny avallon nevers cosne-cours-sur-loire moulins montlucon roanne
firminy saint-chamond givors vienne villefranche-sur-saone tarare bron venissieux vaulx-en-velin caluire-et-cuire
oullins ecully saint-priest meyzieu rillieux-la-pape decines-charpieu bourgoin-jallieu echirolles meylan crolles
albertville aix-les-bains annemasse thonon-les-bains cluses sallanches chamonix gex oyonnax lons-le-saunier dole
pontarlier montbeliard hericourt lure gray le-creusot chalon-sur-saone montceau-les-mines autun digoin cluny louhans
gap digne-les-bains manosque sisteron briancon apt carpentras orange cavaillon salon-de-provence arles martigues
istres vitrolles marignane aubagne la-ciotat hyeres frejus saint-raphael draguignan brignoles grasse menton
cagnes-sur-mer vence le-cannet ales bagnols-sur-ceze lunel sete frontignan agde narbonne carcassonne castelnaudary
limoux ceret prades foix pamiers saint-gaudens muret colomiers blagnac tournefeuille balma ramonville-saint-agne
l'union montauban moissac castres mazamet gaillac rodez millau villefranche-de-rouergue cahors figeac auch lourdes
mont-de-marsan dax biarritz anglet saint-jean-de-luz hendaye oloron-sainte-marie orthez villeneuve-sur-lot marmande
perigueux bergerac sarlat-la-caneda brive-la-gaillarde tulle ussel gueret aubusson aurillac saint-flour le-puy-en-velay
mende thiers issoire riom ambert cognac saintes rochefort royan jonzac fontenay-le-comte les-sables-d'olonne challans
les-herbiers bressuire parthenay thouars chatellerault loudun libourne arcachon pessac talence merignac begles cenon
gradignan villenave-d'ornon bois-colombes clichy gennevilliers asnieres bobigny pantin aubervilliers saint-ouen
saint-ouen-sur-seine drancy bondy noisy-le-grand noisy-le-sec rosny-sous-bois gagny sevran le-blanc-mesnil stains
epinay-sur-seine pierrefitte ivry-sur-seine villejuif cachan arcueil gentilly kremlin-bicetre le-kremlin-bicetre
maisons-alfort alfortville saint-maur-des-fosses champigny-sur-marne fontenay-sous-bois nogent-sur-marne choisy-le-roi
thiais orly antony bagneux clamart chatillon malakoff montrouge vanves meudon sevres saint-cloud garches boulogne
levallois neuilly saint-germain-en-laye poissy sartrouville houilles conflans-sainte-honorine mantes-la-jolie
les-mureaux trappes plaisir velizy-villacoublay massy palaiseau les-ulis orsay athis-mons savigny-sur-orge
corbeil-essonnes evry-courcouronnes etampes chelles pontault-combault torcy lagny-sur-marne fontainebleau nemours
provins coulommiers pontoise ermont franconville taverny sarcelles garges-les-gonesse gonesse villiers-le-bel
basse-terre pointe-a-pitre les-abymes le-lamentin saint-paul saint-andre mamoudzou noumea papeete
gent ghent anvers antwerp charleroi mons louvain tournai neuchatel fribourg sion montreux esch-sur-alzette
birmingham leeds bristol glasgow liverpool sheffield cardiff nottingham leicester newcastle brighton cambridge oxford
belfast southampton portsmouth coventry exeter norwich derby aberdeen swansea plymouth cork galway limerick
new-york boston chicago toronto vancouver ottawa quebec sydney melbourne singapore tokyo dubai
athens athenes budapest bucharest sofia belgrade zagreb krakow porto seville valencia turin naples bologna
tunis alger dakar abidjan oran constantine fes marrakech tanger agadir bamako ouagadougou lome cotonou douala yaounde
libreville kinshasa brazzaville antananarivo port-louis beyrouth london berlin munich hamburg bremen frankfurt cologne madrid barcelona lisbon rome milan
amsterdam rotterdam dublin edinburgh manchester vienna zurich stockholm oslo copenhagen helsinki warsaw prague ljubljana
""")
