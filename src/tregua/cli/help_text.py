"""Help of commands and options in Spanish; the English stands where the option is declared."""

from __future__ import annotations

# By the English text. A test asks for every help text of every command.
HELP_ES: dict[str, str] = {
    "en or es": "en o es",
    "Show this message and exit.": "Mostrar esta ayuda y salir.",
    "Who speaks in the ledger, in which sources and kinds of statement: the ids that rests-on and leave-out take.": (
        "Quién habla en el registro, en qué fuentes y clases de declaración: los id que aceptan rests-on y leave-out."
    ),
    "Print a JSON Schema of the files of a ledger, for your editor.": (
        "Imprimir un esquema JSON de los archivos de un registro, para su editor."
    ),
    "Rows of parameters; as in the results by default.": "Filas de parámetros; por defecto, como en los resultados.",
    "Replicates of chance for each row; as in the results by default.": (
        "Repeticiones del azar por fila; por defecto, como en los resultados."
    ),
    "Seed of the luck and of the draws; that of the results by default.": (
        "Semilla de la suerte y de los sorteos; por defecto, la de los resultados."
    ),
    "Days a step; as in the results by default.": "Días por paso; por defecto, como en los resultados.",
    "One JSON object instead of text.": "Un objeto JSON en vez de texto.",
    "No progress and no notes.": "Sin avance ni notas.",
    "Seed of the luck and of the draws.": "Semilla de la suerte y de los sorteos.",
    "Rows of parameters.": "Filas de parámetros.",
    "Replicates of chance for each row.": "Repeticiones del azar por fila.",
    "Threads; as many as the machine has cores.": "Hilos; tantos como núcleos tiene la máquina.",
    "Folder of results; out/CASE by default.": "Carpeta de resultados; por defecto, out/CASO.",
    "Only these responses; repeat it, or join by commas.": "Solo estas respuestas; repítala o use comas.",
    "Only these readings; repeat it, or use commas.": "Solo estas lecturas; repítala o use comas.",
    "First day of the results, YYYY-MM-DD.": "Primer día de los resultados, AAAA-MM-DD.",
    "Last day of the run, YYYY-MM-DD.": "Último día de la corrida, AAAA-MM-DD.",
    "Days a step.": "Días por paso.",
    "A parameter held at a value, name=value; repeat it.": "Un parámetro fijo en un valor, nombre=valor; repítala.",
    "Show the version.": "Mostrar la versión.",
    "Also kill, starve, spoil and double a small run here, and hold its digits (minutes).": (
        "Además, matar, dejar sin espacio, estropear y duplicar aquí una corrida y cotejar sus cifras (minutos)."
    ),
    "A case folder, or the id of a bundled case.": "Una carpeta de caso, o el id de un caso incluido.",
    "Compare responses under rival readings of the facts, in deaths and in rights.": (
        "Comparar respuestas con lecturas rivales de los hechos, en muertes y en derechos."
    ),
    "Decision point; the first of the case by default.": "Momento de decisión; por defecto, el primero del caso.",
    "Years after the decision; 5 where there are 5.": "Años después de la decisión; 5 donde los hay.",
    "Outcome weights: deaths_only, deaths_and_rights, residents, or outcome=deaths per unit; repeat it.": (
        "Pesos de resultados: deaths_only, deaths_and_rights, residents, o resultado=muertes por unidad; repítala."
    ),
    "Reading weights: equal, civil_society, law_enforcement, or reading=weight summing to 1; repeat it.": (
        "Pesos de lecturas: equal, civil_society, law_enforcement, o lectura=peso que sumen 1; repítala."
    ),
    "Most accepted against no truce, outcome=difference; repeat it.": (
        "Lo más que se acepta frente a sin tregua, resultado=diferencia; repítala."
    ),
    "Every reading, outcome and regret.": "Cada lectura, resultado y arrepentimiento.",
    "What would change the choice if it were settled.": "Qué cambiaría la elección si se aclarara.",
    "An experiment in a TOML file; options given here come after it.": (
        "Un experimento en un archivo TOML; las opciones dadas aquí van después."
    ),
    "Chance that an inquiry says yes where it is no, and no where it is yes: 0.1 or 0.1,0.2.": (
        "Probabilidad de que una indagación diga sí donde es no, y no donde es sí: 0.1 o 0.1,0.2."
    ),
    "Scheduler of a Dask cluster, tcp://host:port; the same digits.": (
        "Planificador de un clúster Dask, tcp://host:puerto; las mismas cifras."
    ),
    "What moves the homicides of this response (SALib; a minute or two).": (
        "Qué mueve los homicidios de esta respuesta (SALib; uno o dos minutos)."
    ),
    "Where this response fails --threshold, or has more killings (EMA Workbench).": (
        "Dónde esta respuesta no cumple --threshold, o tiene más homicidios (EMA Workbench)."
    ),
    "Both errors of prosecuting, listing or protecting interlocutors.": (
        "Los dos errores de procesar, listar o proteger a mediadores."
    ),
    "Move the levers in a browser and see the world change.": (
        "Mover las palancas en un navegador y ver cambiar el mundo."
    ),
    "Port; 0 takes a free one.": "Puerto; 0 toma uno libre.",
    "Address; anything but loopback asks for a token.": "Dirección; si no es local, se pide una clave.",
    "A host name by which this machine is called; repeat it.": "Un nombre con que se llama a esta máquina; repítala.",
    "Pairs a story at most.": "Pares por relato, como máximo.",
    "Open the page in a browser.": "Abrir la página en un navegador.",
    "Estimate how much recorded homicides changed, with the checks and the measured error of every estimator.": (
        "Estimar cuánto cambiaron los homicidios registrados, con las pruebas y el error medido de cada estimador."
    ),
    "Your own counts, a CSV with date,count or start,end,count; no case is read.": (
        "Sus propios conteos, un CSV con fecha,conteo o inicio,fin,conteo; no se lee ningún caso."
    ),
    "kind=YYYY-MM-DD; kinds: announced, active, eroding, ended; repeat it. Those of the case if none.": (
        "tipo=AAAA-MM-DD; tipos: announced, active, eroding, ended; repítala. Sin ella, las del caso."
    ),
    "Areas by month, a CSV with area,date,count; optional population and prison.": (
        "Áreas por mes, un CSV con área,fecha,conteo; opcionales población y presos."
    ),
    "How 03/04/2012 is to be read, dmy or mdy; found out if left out.": (
        "Cómo leer 03/04/2012, dmy o mdy; si se omite, se averigua."
    ),
    "Approximate posteriors only: seconds, and every row says so.": (
        "Solo posteriores aproximadas: segundos, y cada fila lo dice."
    ),
    "Draws kept of each of four chains; 1500 to 2000 by default.": (
        "Sorteos que se guardan de cada una de cuatro cadenas; por defecto, de 1500 a 2000."
    ),
    "Every check in a sentence, every donor, the table.": "Cada prueba en una frase, cada donante, la tabla.",
    "Estimate again, whatever is stored.": "Estimar otra vez, haya lo que haya guardado.",
    "Processes that sample side by side, 1.3 GB each; the same digits.": (
        "Procesos que muestrean a la vez, 1.3 GB cada uno; las mismas cifras."
    ),
    "Print the disjoint pieces of the counts, with their sums.": "Mostrar las piezas disjuntas y sus sumas.",
    "Print a JSON Schema for your editor.": "Mostrar un esquema JSON para su editor.",
    "Write to this file instead of the screen.": "Escribir en este archivo en vez de la pantalla.",
    "Everything wrong with a case at once: file, line, what was found, what is allowed, how to mend it.": (
        "Todo lo que un caso tiene mal, de una vez: archivo, línea, lo hallado, lo admitido y su remedio."
    ),
    "Start a case folder that is valid from the first minute; on a terminal, what is not given is asked.": (
        "Empezar una carpeta de caso válida desde el primer minuto; en una terminal, lo que no se da se pregunta."
    ),
    "Folder to make; its name becomes the id.": "Carpeta que se crea; su nombre será el id.",
    "Name of the case, in English.": "Nombre del caso, en inglés.",
    "Name of the case, in Spanish; as in English by default.": "Nombre del caso, en español; por defecto, el inglés.",
    "First day of the run, YYYY-MM-DD or a year.": "Primer día de la corrida, AAAA-MM-DD o un año.",
    "Last day of the run, YYYY-MM-DD or a year.": "Último día de la corrida, AAAA-MM-DD o un año.",
    "Day on which a response is chosen: that on which the truce began.": (
        "Día en que se elige una respuesta: aquel en que empezó la tregua."
    ),
    "Last day whose figures may be fitted; the end of the next year by default.": (
        "Último día cuyas cifras se pueden ajustar; por defecto, el fin del año siguiente a la decisión."
    ),
    "A place, Name:population; repeat it, or join by ;": "Un lugar, Nombre:población; repítala o una con ;",
    "A gang; repeat it, or join by ;": "Una pandilla; repítala o una con ;",
    "Members at large at the start.": "Miembros en libertad al inicio.",
    "Members in prison at the start.": "Miembros en prisión al inicio.",
    "Kind of truce on record: none, secret or open; its levers are placeholders.": (
        "Clase de tregua ocurrida: none, secret u open; sus palancas son provisionales."
    ),
    "Day on which the truce on record ended.": "Día en que terminó la tregua ocurrida.",
    "Ask nothing.": "No preguntar nada.",
    "Bring your own counts into a case: CSV or Excel, Spanish or English, months across, long, or daily means.": (
        "Traer sus propios conteos a un caso: CSV o Excel, en español o inglés, meses en columnas, filas o promedios."
    ),
    "Your table: .xlsx, .csv, .tsv or .txt.": "Su tabla: .xlsx, .csv, .tsv o .txt.",
    "The case folder that takes it.": "La carpeta de caso que la recibe.",
    "Who counted: a body, never a person.": "Quién contó: un organismo, nunca una persona.",
    "Key of the source in sources.csv.": "Clave de la fuente en sources.csv.",
    "Citation of a source that the case does not have yet.": "Cita de una fuente que el caso aún no tiene.",
    "Its address.": "Su dirección.",
    "first, preliminary, revised, final or unclear.": "first, preliminary, revised, final o unclear.",
    "What is counted.": "Qué se cuenta.",
    "fit, score or alternative; decided by the fit window without it.": (
        "fit, score o alternative; sin ella decide la ventana de ajuste."
    ),
    "Sheet of a workbook.": "Hoja de un libro.",
    "Year of months that stand without one.": "Año de los meses que no lo llevan.",
    "Order of day and month, dmy or mdy.": "Orden de día y mes, dmy o mdy.",
    "Decimal sign, comma or point.": "Signo decimal, coma o punto.",
    "The numbers are means a day, or are not.": "Los números son promedios diarios, o no lo son.",
    "Each row is one death.": "Cada fila es una muerte.",
    "Which column is which: date=TITLE, count=TITLE, area, institution, start, end; repeat it.": (
        "Qué columna es cuál: date=TÍTULO, count=TÍTULO, area, institution, start, end; repítala."
    ),
    "Name of the file in series/; that of the table by default.": (
        "Nombre del archivo en series/; por defecto, el de la tabla."
    ),
    "Overwrite figures of that name.": "Sobrescribir cifras de ese nombre.",
    "Show what would be written, and write nothing.": "Mostrar lo que se escribiría, sin escribir nada.",
    "The software, the run, the papers behind its methods, and every source of its figures and claims.": (
        "El software, la corrida, los artículos de sus métodos y cada fuente de sus cifras y afirmaciones."
    ),
    "text, bibtex or csl-json.": "text, bibtex o csl-json.",
    "The ODD protocol in Markdown: entities, schedule, equations as they run, every parameter with its evidence.": (
        "El protocolo ODD en Markdown: entidades, orden, ecuaciones como corren, cada parámetro con su evidencia."
    ),
    "Is the compiled path on and right, how fast is it, are digits reproducible, are the cases as shipped?": (
        "¿Está activa y bien la vía compilada, qué tan rápida es, se repiten las cifras, están los casos como se "
        "distribuyeron?"
    ),
    "Simulate, compare responses under rival readings, and write the page.": (
        "Simular, comparar respuestas con lecturas rivales y escribir la página."
    ),
    "posterior, provisional or prior; the best that there is by default.": (
        "posterior, provisional o prior; por defecto, lo mejor que haya."
    ),
    "Fit the parameters to the figures of the fit window, and test the procedure that did it.": (
        "Ajustar los parámetros a las cifras de la ventana de ajuste y poner a prueba el procedimiento."
    ),
    "Every reading that needs a fit of its own.": "Todas las lecturas que exigen un ajuste propio.",
    "Run the gate too: the same procedure on simulated data sets.": (
        "Correr también el control: el mismo procedimiento sobre datos simulados."
    ),
    "Only what the priors expect of the figures; nothing is fitted.": (
        "Solo lo que los supuestos previos esperan de las cifras; nada se ajusta."
    ),
    "Simulated data sets of the gate.": "Conjuntos de datos simulados del control.",
    "Histories of the bank; fewer for a quick look.": "Historias del banco; menos para una mirada rápida.",
    "Seed of bank, training, chains and gate.": "Semilla del banco, del aprendizaje, de las cadenas y del control.",
    "Hold the model against what it was never fitted to, and say where it fails.": (
        "Contrastar el modelo con lo que nunca se le ajustó y decir dónde falla."
    ),
    "Leave out the checks from outside the case.": "Dejar fuera las comprobaciones ajenas al caso.",
    "Seed of the histories.": "Semilla de las historias.",
    "Every reading at every decision, not only the rival ones at the second.": (
        "Todas las lecturas en cada decisión, no solo las rivales en la segunda."
    ),
    "Simulate histories and show them year by year.": "Simular historias y mostrarlas año por año.",
    "Reading of the facts.": "Lectura de los hechos.",
    "Response; the history as it happened by default.": "Respuesta; por defecto, la historia como fue.",
    "Decision at which the response begins.": "Decisión en que empieza la respuesta.",
    "One draw only.": "Un solo sorteo.",
    "Its replicate of chance.": "Su repetición del azar.",
    "One printed page in each language instead: brief.html beside the page.": (
        "En su lugar, una página impresa en cada idioma: brief.html junto a la página."
    ),
    "Folder for every figure as SVG, PNG, PDF, and its data as CSV.": (
        "Carpeta para cada figura en SVG, PNG y PDF, y sus datos en CSV."
    ),
    "Both languages readable with scripts off; a file half as large again.": (
        "Ambos idiomas legibles sin scripts; un archivo la mitad más grande."
    ),
    "Build the page from the results that exist; what is missing is told in its place.": (
        "Rehacer la página con los resultados que hay; lo que falta se dice en su lugar."
    ),
    "Who said what, who denies it, and what rests on it.": ("Quién dijo qué, quién lo niega y qué descansa en ello."),
    "One claim with its status, replies, outcome and what it bears on.": (
        "Una afirmación con su estado, respuestas, desenlace y aquello en que incide."
    ),
    "Claims, for example C09.": "Afirmaciones, por ejemplo C09.",
    "Everything, with the reasoning.": "Todo, con las razones.",
    "Claims with these words; all claims without any.": "Afirmaciones con estas palabras; sin palabras, todas.",
    "All must occur; accents do not matter.": "Deben aparecer todas; los acentos no importan.",
    "Said by this role.": "Dicho por este rol.",
    "Put in this way: alleged, opinion ...": "Expresado así: alleged, opinion ...",
    "In this source.": "En esta fuente.",
    "Claims that somebody replies to or contradicts.": "Afirmaciones a las que alguien responde o contradice.",
    "What rests on a claim, a voice, a source, a kind of statement; or what something in the model rests on.": (
        "Qué descansa en una afirmación, una voz, una fuente, una clase de dicho; o en qué descansa algo del modelo."
    ),
    "prosecutors, C09, SEED, alleged, parameter:hide_truce ...": (
        "prosecutors, C09, SEED, alleged, parameter:hide_truce, etc."
    ),
    "Claims without a place in the model, and things in the model without a claim; exit 1 on a hole.": (
        "Afirmaciones sin lugar en el modelo y cosas del modelo sin afirmación; sale con 1 si hay un hueco."
    ),
    "Readings against claims: what tells the rival accounts apart.": (
        "Lecturas frente a afirmaciones: qué distingue los relatos rivales."
    ),
    "Leave out an asserter.": "Dejar fuera a quien afirma.",
    "What is lost without a source, an asserter or a kind of statement.": (
        "Qué se pierde sin una fuente, una voz o una clase de dicho."
    ),
    "A source, for example SEED.": "Una fuente, por ejemplo SEED.",
    "prosecutors, SEED, alleged: what rests-on takes.": "prosecutors, SEED, alleged: lo que acepta rests-on.",
    "A role, for example prosecutors.": "Un rol, por ejemplo prosecutors.",
    "A kind of statement, for example alleged.": "Una clase de dicho, por ejemplo alleged.",
    "CSV or Parquet of contrasts by reading; compare.csv of the case.": (
        "CSV o Parquet de contrastes por lectura; por defecto, compare.csv del caso."
    ),
    "Years after the decision, for the contrasts.": "Años tras la decisión, para los contrastes.",
    "Export the ledger (csv, json, json-ld) or its sources (bibtex, csl-json).": (
        "Exportar el registro (csv, json, json-ld) o sus fuentes (bibtex, csl-json)."
    ),
    "csv, json, json-ld, bibtex, csl-json": "csv, json, json-ld, bibtex o csl-json",
    "File, or for csv a folder; standard output without it.": (
        "Archivo, o carpeta para csv; sin ella, la salida estándar."
    ),
    "Seal what is new in the ledger of a case, so that it can only grow from here.": (
        "Sellar lo nuevo del registro de un caso, para que desde aquí solo pueda crecer."
    ),
}


def in_language(text: str, lang: str) -> str:
    """Help text in a language, or as it is where it has no translation."""
    plain = " ".join(text.split())
    return HELP_ES.get(plain, text) if lang == "es" else text
