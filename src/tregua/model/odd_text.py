"""The sentences of the ODD protocol that no declaration holds, in English and Spanish."""

from __future__ import annotations

from tregua.model.variable import Pair

LANGUAGES = ("en", "es")

# The week, step by step; a test holds the English against the kernel's own account of itself.
SCHEDULE: tuple[tuple[str, str, str], ...] = (
    ("1", "levers and standing", "palancas y vigencia"),
    ("2", "brokers and linking access", "interlocutores y acceso de enlace"),
    ("3", "commitment", "compromiso"),
    ("4", "reach and obedience", "alcance y obediencia"),
    ("5", "adherence", "adherencia"),
    ("6", "compliance", "cumplimiento"),
    ("7", "hiding", "ocultamiento"),
    ("8", "killings", "muertes"),
    ("9", "memory", "memoria"),
    ("10", "membership and prison", "membresía y prisión"),
    ("11", "extortion, bonding, capture", "extorsión, capital vecinal, captura"),
    (
        "12",
        "promises and betrayal, war chest, political capital, command, linking",
        "promesas y traición, fondo de guerra, capital político, mando, enlace",
    ),
    ("13", "exposure and support", "escándalo y apoyo"),
    ("14", "beliefs, removals and returns", "creencias, remociones y retornos"),
    ("15", "the record", "el registro"),
)

TEXT: dict[str, Pair] = {
    "title": ("ODD protocol of the truce model", "Protocolo ODD del modelo de la tregua"),
    "made": (
        "Written from the declarations by `tregua odd`; model version {digest}.",
        "Escrito a partir de las declaraciones por `tregua odd`; versión del modelo {digest}.",
    ),
    "replaced": (
        "Another model: functions of the reader's own stand in {slots}; results of it have this hash and no other.",
        "Otro modelo: hay funciones propias en {slots}; sus resultados llevan esta huella y ninguna otra.",
    ),
    "own": ("In the place of the model's own: `{name}`.", "En lugar de la del modelo: `{name}`."),
    "docstrings": (
        "The equations are shown as they run, with their own descriptions.",
        "Las ecuaciones se muestran como corren, con sus propias descripciones, que están en inglés.",
    ),
    "purpose": ("1 Purpose and patterns", "1 Propósito y patrones"),
    "purpose.text": (
        "To ask, when gangs stop killing in exchange for something: what did it buy, what did it cost, and what should "
        "be done next? The model compares responses under rival readings of the same facts, each against a simulated "
        "history without a truce and with the same luck. It is a scenario instrument. It does not forecast, and it "
        "holds nothing about any person: interlocutors are abstract roles whose types are a setting.\n\n"
        "It is judged by patterns: recorded killings by month and by half-year, the share of the fall reached at once, "
        "the collapse and the rebound, disappearance and extortion reports, people in prison, public support, the "
        "share of killings by state agents. Patterns that it misses are reported beside those that it meets.",
        "Preguntar, cuando las pandillas dejan de matar a cambio de algo: ¿qué se logró, qué costó y qué conviene "
        "hacer después? El modelo compara respuestas bajo lecturas rivales de los mismos hechos, cada una contra una "
        "historia simulada sin tregua y con la misma suerte. Es un instrumento de escenarios. No hace pronósticos y no "
        "contiene nada sobre ninguna persona: los interlocutores son roles abstractos cuyos tipos son un ajuste.\n\n"
        "Se juzga por patrones: homicidios registrados por mes y por semestre, la parte de la caída alcanzada de "
        "inmediato, el derrumbe y el rebote, denuncias de desaparición y de extorsión, personas presas, apoyo público, "
        "la parte de muertes causadas por agentes del Estado. Los patrones en que falla se informan junto a los demás.",
    ),
    "entities": ("2 Entities, state variables and scales", "2 Entidades, variables de estado y escalas"),
    "entities.text": (
        "Entities: areas, gangs in areas, gangs, interlocutor roles, and one national layer (government, public). "
        "People are counted, never simulated one by one. Time runs in steps of one week unless asked otherwise; the "
        "grid starts again on the day of a decision. Space is a set of areas without distances. Any number of areas "
        "and gangs is allowed, none of the latter included.",
        "Entidades: áreas, pandillas en áreas, pandillas, roles de interlocutor y una capa nacional (gobierno, "
        "público). Las personas se cuentan, nunca se simulan una por una. El tiempo avanza en pasos de una semana "
        "salvo que se pida otra cosa; la cuadrícula recomienza el día de una decisión. El espacio es un conjunto de "
        "áreas sin distancias. Se admite cualquier número de áreas y de pandillas, incluso ninguna pandilla.",
    ),
    "schedule": ("3 Process overview and scheduling", "3 Procesos y su orden"),
    "schedule.text": (
        "A step does, in this order (8 to 11 area by area, from the stocks at the start of the step):",
        "Un paso hace, en este orden (8 a 11 área por área, con las existencias del inicio del paso):",
    ),
    "schedule.calls": (
        "Functions of the mechanisms in the order in which a step first calls them:",
        "Funciones de los mecanismos en el orden en que un paso las llama por primera vez:",
    ),
    "concepts": ("4 Design concepts", "4 Conceptos de diseño"),
    "start": ("5 Initialisation", "5 Inicio"),
    "start.text": (
        "The national levels of a case are split over areas and gangs by the setup seed, which is not the seed of the "
        "run. Constants that no figure gives follow from asking that, with the levers of the start held, each capital "
        "stays where it starts.",
        "Los niveles nacionales de un caso se reparten por áreas y pandillas con la semilla de montaje, que no es la "
        "de la corrida. Las constantes que ninguna cifra da se siguen de pedir que, con las palancas del inicio, cada "
        "capital se quede donde empieza.",
    ),
    "input": ("6 Input data", "6 Datos de entrada"),
    "input.text": (
        "Policy enters through levers only: step functions of time that a case gives. No figure enters a run; observed "
        "figures are compared with it afterwards.",
        "La política entra solo por las palancas: funciones escalonadas del tiempo que da un caso. Ninguna cifra entra "
        "en una corrida; las cifras observadas se comparan después.",
    ),
    "submodels": ("7 Submodels", "7 Submodelos"),
    "submodels.text": (
        "One mechanism a section, in the order of the registry. `th` holds the parameters, `lv` the levers.",
        "Un mecanismo por sección, en el orden del registro. `th` contiene los parámetros, `lv` las palancas.",
    ),
    "shared": ("Steps and draws", "Pasos y sorteos"),
    "outcomes": ("8 Outcomes", "8 Resultados"),
    "outcomes.text": (
        "What a history is read for. Those marked * stand beside homicides wherever responses are compared.",
        "Lo que se lee de una historia. Los marcados con * van junto a los homicidios siempre que se comparan "
        "respuestas.",
    ),
    "limits": ("9 Limits", "9 Límites"),
    "limits.text": (
        "Of {n} parameters, {fitted} are fitted together, {varied} are drawn from priors and {fixed} are held; {yes} "
        "are identified by figures and {assumed} rest on assumption alone. What is prior-driven is marked so wherever "
        "it is shown. Not for case work, policing, asylum or immigration decisions, sanctions or sentencing.",
        "De {n} parámetros, {fitted} se ajustan juntos, {varied} se sortean de supuestos previos y {fixed} se "
        "mantienen; {yes} los identifican las cifras y {assumed} descansan solo en supuestos. Lo que depende de "
        "supuestos se marca donde aparece. No usar para casos individuales, labores policiales, asilo o migración, "
        "sanciones ni sentencias.",
    ),
    "sections": ("Sections of the model description", "Secciones de la descripción del modelo"),
    "reads": ("Reads", "Lee"),
    "writes": ("Writes", "Escribe"),
    "none": ("none", "ninguno"),
    "no.parameters": ("No parameter of its own.", "Sin parámetros propios."),
    "constants": ("Fixed scale choices", "Escalas fijas"),
}

HEADS: dict[str, tuple[Pair, ...]] = {
    "state": (
        ("symbol", "símbolo"), ("name", "nombre"), ("unit, range", "unidad, rango"), ("meaning", "significado"),
        ("start", "inicio"),
    ),
    "parameters": (
        ("parameter", "parámetro"), ("symbol", "símbolo"), ("unit", "unidad"), ("default", "por defecto"),
        ("prior", "previo"), ("bounds", "límites"), ("role, tier", "papel, nivel"), ("identified", "identificado"),
        ("claims", "afirmaciones"), ("evidence", "evidencia"), ("meaning", "significado"),
    ),
    "levers": (
        ("lever", "palanca"), ("unit", "unidad"), ("range", "rango"), ("meaning", "significado"),
        ("claims", "afirmaciones"),
    ),
    "outcomes": (
        ("outcome", "resultado"), ("unit", "unidad"), ("kind", "clase"), ("worse when", "peor si"),
        ("meaning", "significado"),
    ),
}  # fmt: skip

KINDS: dict[str, Pair] = {
    "flow": ("flow", "flujo"), "stock": ("stock", "existencia"), "path": ("path", "trayectoria"),
    "up": ("more", "sube"), "down": ("less", "baja"), "none": ("-", "-"),
    "fitted": ("fitted", "ajustado"), "varied": ("varied", "variado"), "fixed": ("fixed", "fijo"),
    "core": ("core", "núcleo"), "accounting": ("accounting", "contable"),
    "yes": ("yes", "sí"), "part": ("part", "en parte"), "no": ("no", "no"),
    "national": ("national", "nacional"), "gang": ("gang", "pandilla"), "area;gang": ("area, gang", "área, pandilla"),
}  # fmt: skip

CONCEPTS: tuple[tuple[Pair, Pair], ...] = (
    (("Basic principles", "Principios básicos"), (
        "Killing has four sources: background, contest over ground, revenge and coercion. Restraint is deliverable "
        "only as far as cliques would obey (command times reach), and leaders react to the restraint that they see in "
        "rivals. Restraint buys political capital; unpaid promises become betrayal; extortion goes on.",
        "Las muertes tienen cuatro fuentes: fondo, disputa de terreno, venganza y coacción. La contención solo puede "
        "entregarse hasta donde las clicas obedecen (mando por alcance), y los jefes reaccionan a la contención que "
        "ven en los rivales. La contención compra capital político; lo prometido y no pagado se vuelve traición; la "
        "extorsión sigue.")),
    (("Emergence", "Emergencia"), (
        "The fall, its drift, its collapse and the rebound come out of the loops between leaders, cliques, state and "
        "public; the levers of the record are inputs. Whether the truce has one rest point or two depends on "
        "adherence_slope x rival_weight x the share that would obey (two above 4).",
        "La caída, su deriva, su derrumbe y el rebote salen de los ciclos entre jefes, clicas, Estado y público; las "
        "palancas del registro son entradas. Que la tregua tenga uno o dos puntos de reposo depende de adherence_slope "
        "x rival_weight x la parte que obedecería (dos por encima de 4).")),
    (("Adaptation and objectives", "Adaptación y objetivos"), (
        "Leaders move their weight toward or away from restraint with its benefit. Nobody optimises, and nothing here "
        "optimises on behalf of a gang.",
        "Los jefes acercan o alejan su peso de la contención según su beneficio. Nadie optimiza, y nada aquí optimiza "
        "a favor de una pandilla.")),
    (("Learning and prediction", "Aprendizaje y predicción"), (
        "Authorities update a belief about each interlocutor role; removal acts on the belief, never on the truth. "
        "Nobody predicts.",
        "Las autoridades actualizan una creencia sobre cada rol de interlocutor; la remoción actúa sobre la creencia, "
        "nunca sobre la verdad. Nadie predice.")),
    (("Sensing", "Percepción"), (
        "Leaders see the compliance of rivals in the last step, the public sees recorded killings, the state sees "
        "support and scandal. Hidden killings are not seen.",
        "Los jefes ven el cumplimiento de los rivales en el paso anterior, el público ve los homicidios registrados, "
        "el Estado ve apoyo y escándalo. Los homicidios ocultos no se ven.")),
    (("Interaction and collectives", "Interacción y colectivos"), (
        "Gangs contest ground in each area, answer killings, watch each other's restraint and share municipalities. "
        "Cliques of one gang in one area act as one.",
        "Las pandillas disputan terreno en cada área, responden a las muertes, observan la contención ajena y se "
        "reparten municipios. Las clicas de una pandilla en un área actúan como una.")),
    (("Stochasticity", "Azar"), (
        "People and events are integers drawn by exact inversion from uniforms keyed by seed, draw, luck, step, area, "
        "gang and process, so that two responses share their luck. An event that ends something strikes when its "
        "summed hazard passes one keyed exponential. The mean-field mode replaces every draw by its mean.",
        "Las personas y los hechos son enteros sorteados por inversión exacta de uniformes con clave de semilla, "
        "sorteo, suerte, paso, área, pandilla y proceso, de modo que dos respuestas comparten la suerte. Un hecho que "
        "termina algo ocurre cuando su riesgo acumulado pasa una exponencial con clave. El modo de campo medio cambia "
        "cada sorteo por su media.")),
    (("Observation", "Observación"), (
        "Flows accumulate between days that the case asks for; stocks are read at those days. What is recorded is less "
        "than what happens by the killings whose bodies are hidden.",
        "Los flujos se acumulan entre los días que pide el caso; las existencias se leen en esos días. Lo registrado "
        "es menor que lo ocurrido por los homicidios con cuerpos ocultos.")),
)  # fmt: skip
