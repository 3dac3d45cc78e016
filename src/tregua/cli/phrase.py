"""What the command line says, in two languages with the same slots."""

from __future__ import annotations

LANGUAGES: tuple[str, ...] = ("en", "es")

PHRASES: dict[str, tuple[str, str]] = {
    "title": (
        "tregua {version}: an open laboratory of gang truces",
        "tregua {version}: un laboratorio abierto de treguas entre pandillas",
    ),
    "usage": (
        "usage: tregua COMMAND [OPTIONS]      tregua COMMAND --help for each",
        "uso: tregua ORDEN [OPCIONES]      tregua ORDEN --help para cada una",
    ),
    "options": (
        "--lang en|es  --no-color  --debug (where an error arose)  --version  --help",
        "--lang en|es  --no-color  --debug (origen de un error)  --version  --help",
    ),
    "harm": (
        "Simulated histories, not a forecast; not about any person: RESPONSIBLE_USE.md",
        "Historias simuladas, no un pronóstico; sobre ninguna persona: RESPONSIBLE_USE.md",
    ),
    "found": ("found", "hallado"),
    "allowed": ("allowed", "admitido"),
    "mend": ("mend", "remedio"),
    "fault": ("This is a fault in tregua itself: {what}", "Es un fallo del propio tregua: {what}"),
    "fault.mend": (
        "Run it again with --debug and report what it shows.",
        "Repita la orden con --debug e informe de lo que muestre.",
    ),
    "stopped": (
        "Stopped. What is finished is kept; the same command goes on from here.",
        "Detenido. Lo terminado se conserva; la misma orden sigue desde aquí.",
    ),
    "stopped.runs": (
        "Stopped. {n:,} runs are kept; the same command goes on from here.",
        "Detenido. Se conservan {n:,} corridas; la misma orden sigue desde aquí.",
    ),
    "unanswered": (
        "A question was left without an answer; nothing was written.",
        "Quedó una pregunta sin responder; no se escribió nada.",
    ),
    "left": ("about {time} left", "faltan unos {time}"),
    "dropped": (
        "Left out for want of width: {columns}. A wider terminal or --json shows them.",
        "Omitido por falta de ancho: {columns}. Se ve con una terminal más ancha o con --json.",
    ),
    "check.errors": ("{n} errors", "{n} errores"),
    "check.error": ("1 error", "1 error"),
    "check.warnings": ("{n} warnings", "{n} avisos"),
    "check.warning": ("1 warning", "1 aviso"),
    "check.valid": (
        "{case}: {errors}, {warnings}. Valid. Next: {next}",
        "{case}: {errors}, {warnings}. Válido. Sigue: {next}",
    ),
    "new.made": (
        "{folder} is a valid case; its placeholders are told by tregua check {folder}.",
        "{folder} es un caso válido; tregua check {folder} dice qué falta reemplazar.",
    ),
    "new.next": (
        "Next: tregua import YOUR_TABLE {folder}   then tregua check {folder} and tregua run {folder}",
        "Sigue: tregua import SU_TABLA {folder}   luego tregua check {folder} y tregua run {folder}",
    ),
    "import.layout.months_across": ("months across", "meses en columnas"),
    "import.layout.years_across": ("years across", "años en columnas"),
    "import.layout.long": ("one row a count", "una fila por conteo"),
    "import.layout.events": ("one row a death", "una fila por muerte"),
    "import.read": (
        "{file}: {layout}, {n} counts, {start} to {end}, {total} in all",
        "{file}: {layout}, {n} conteos, de {start} a {end}, {total} en total",
    ),
    "import.places": ("{n} places", "{n} lugares"),
    "import.unclear": ("unclear", "no se sabe"),
    "import.uses": (
        "for the fit {fit} · for the score {score} · alternative {alternative} · excluded {excluded}",
        "para el ajuste {fit} · para comparar {score} · alternativos {alternative} · excluidos {excluded}",
    ),
    "import.note": ("note: {text}", "nota: {text}"),
    "import.would": ("Nothing was written. Without --dry-run: {file}", "No se escribió nada. Sin --dry-run: {file}"),
    "import.wrote": ("Wrote {file}. Next: tregua check {case}", "Se escribió {file}. Sigue: tregua check {case}"),
    "import.ask.institution": ("Who counted? (a body, never a person)", "¿Quién contó? (un organismo, no una persona)"),
    "import.ask.citation": (
        "Where was it read? (citation of the source)",
        "¿Dónde se leyó? (cita de la fuente)",
    ),
    "import.ask.source": ("Key for that source", "Clave para esa fuente"),
    "import.ask.revision": (
        "Which count is it: first, preliminary, revised, final or unclear?",
        "¿Qué conteo es: primero, preliminar, revisado, final o no se sabe?",
    ),
    "new.ask.title": ("Name of the case, in English", "Nombre del caso, en inglés"),
    "new.ask.title_es": ("The same in Spanish", "El mismo en español"),
    "new.ask.start": ("First day (YYYY-MM-DD) or year", "Primer día (AAAA-MM-DD) o año"),
    "new.ask.end": ("Last day or year", "Último día o año"),
    "new.ask.decision": ("Day on which the truce began", "Día en que empezó la tregua"),
    "new.ask.fit_end": ("Last day whose figures may be fitted", "Último día cuyas cifras se pueden ajustar"),
    "new.ask.areas": (
        "Places, as Name:population, joined by ; (empty: one placeholder)",
        "Lugares, como Nombre:población, unidos con ; (vacío: uno provisional)",
    ),
    "new.ask.gangs": ("Gangs, joined by ; (empty: one)", "Pandillas, unidas con ; (vacío: una)"),
    "new.ask.members": ("Members at large (empty: not known)", "Miembros en libertad (vacío: no se sabe)"),
    "new.ask.imprisoned": ("Members in prison (empty: not known)", "Miembros en prisión (vacío: no se sabe)"),
    "new.ask.truce": (
        "Kind of truce on record: none, secret or open",
        "Clase de tregua ocurrida: ninguna, secreta o abierta",
    ),
    "new.ask.truce_end": ("Day on which it ended (empty: it did not)", "Día en que terminó (vacío: no terminó)"),
    "check.invalid": (
        "{case}: {errors}, {warnings}. Not valid yet. Schema for your editor: tregua check --schema",
        "{case}: {errors}, {warnings}. Aún no es válido. Esquema para su editor: tregua check --schema",
    ),
    "cite.software": ("Software and run", "Software y corrida"),
    "cite.run": (
        "results of seed {seeds}, last written {when}",
        "resultados de la semilla {seeds}, escritos el {when}",
    ),
    "cite.no_run": (
        "no results found here; make some with tregua run {case}, or name their folder with --out",
        "no hay resultados aquí; hágalos con tregua run {case}, o nombre su carpeta con --out",
    ),
    "cite.papers": (
        "Papers: methods that were used, and the literature of the model ({n})",
        "Artículos: métodos usados y literatura del modelo ({n})",
    ),
    "cite.sources": (
        "Sources of figures, dates and claims of {case} ({n})",
        "Fuentes de cifras, fechas y afirmaciones de {case} ({n})",
    ),
    "cite.undated": ("no date", "sin fecha"),
    "cite.others": ("and others", "y otros"),
    "cite.claims": (
        "A source says something; it is not thereby true. Who says what: tregua ledger",
        "Una fuente dice algo; no por eso es verdad. Quién dice qué: tregua ledger",
    ),
    "odd.written": ("Wrote {path}", "Se escribió {path}"),
    "app.open": ("The app is at {address}", "La aplicación está en {address}"),
    "app.start": ("Reading the case and opening the app.", "Leyendo el caso y abriendo la aplicación."),
    "app.everywhere": (
        "From another machine, write the address of this one in place of {host}; a name needs --name.",
        "Desde otra máquina, escriba la dirección de esta en lugar de {host}; un nombre necesita --name.",
    ),
    "app.token": (
        "Open to a network: whoever has this whole address can use it. Do not pass it on.",
        "Abierta a una red: quien tenga esta dirección completa puede usarla. No la difunda.",
    ),
    "app.stop": (
        "Ctrl-C stops it. Jobs that are running can be resumed.",
        "Ctrl-C la detiene. Los trabajos en curso se pueden reanudar.",
    ),
    "doctor.compile": ("compile the model", "compilar el modelo"),
    "doctor.compare": ("compare with plain Python", "comparar con Python simple"),
    "doctor.threads": ("one thread, two threads", "un hilo, dos hilos"),
    "doctor.compiled": ("compiled path", "vía compilada"),
    "doctor.compiled.on": (
        "ON, {ms} ms a history ({areas} areas, {gangs} gangs, {weeks} weeks)   class: {speed}",
        "ACTIVA, {ms} ms por historia ({areas} áreas, {gangs} pandillas, {weeks} semanas)   clase: {speed}",
    ),
    "doctor.compiled.off": (
        "OFF: histories run in plain Python, about a hundred times slower",
        "INACTIVA: las historias corren en Python simple, unas cien veces más lentas",
    ),
    "doctor.compiled.mend": (
        "unset NUMBA_DISABLE_JIT, or install numba again",
        "quite NUMBA_DISABLE_JIT, o reinstale numba",
    ),
    "doctor.same": ("same digits", "mismas cifras"),
    "doctor.same.yes": (
        "compiled = plain Python over {weeks} weeks, digest {digest}",
        "compilado = Python simple en {weeks} semanas, huella {digest}",
    ),
    "doctor.same.no": ("compiled and plain Python differ: {where}", "compilado y Python simple difieren: {where}"),
    "doctor.same.mend": (
        "delete {cache} and run tregua doctor again; if it stays, report it",
        "borre {cache} y repita tregua doctor; si persiste, infórmelo",
    ),
    "doctor.determinism": ("determinism", "determinismo"),
    "doctor.determinism.yes": ("1 thread = 2 threads, digest {digest}", "1 hilo = 2 hilos, huella {digest}"),
    "doctor.determinism.no": ("1 thread and 2 threads differ: {one}, {two}", "1 hilo y 2 hilos difieren: {one}, {two}"),
    "doctor.determinism.mend": ("report it, with tregua doctor --json", "infórmelo, con tregua doctor --json"),
    "doctor.cases": ("case hashes", "huellas de casos"),
    "doctor.cases.shipped": ("{case} {digest} (as shipped)", "{case} {digest} (como se distribuyó)"),
    "doctor.cases.changed": (
        "{case} {digest} (changed since it was shipped)",
        "{case} {digest} (cambiado desde que se distribuyó)",
    ),
    "doctor.cases.mend": (
        "fine if you changed it yourself; else install tregua again",
        "está bien si lo cambió usted; si no, reinstale tregua",
    ),
    "doctor.posterior": ("posterior", "posterior"),
    "doctor.posterior.ships": (
        "{n} draws a reading; gate passed under {passed} of {total} readings",
        "{n} sorteos por lectura; control superado en {passed} de {total} lecturas",
    ),
    "doctor.posterior.none": (
        "none shipped: runs use {n} provisional draws and priors, and say so",
        "no se distribuye: se usan {n} sorteos provisionales y supuestos previos, y se dice",
    ),
    "doctor.fonts": ("fonts", "tipos de letra"),
    "doctor.fonts.yes": ("embedded face registered for export", "tipo incorporado, registrado para exportar"),
    "doctor.fonts.no": (
        "the embedded face cannot be registered: {why}",
        "no se puede registrar el tipo incorporado: {why}",
    ),
    "doctor.fonts.mend": (
        "install tregua again; pages and pictures fall back to a system face until then",
        "reinstale tregua; hasta entonces se usa un tipo del sistema",
    ),
    "doctor.cache": ("cache", "caché"),
    "doctor.cache.kept": ("compiled code is kept in {cache}", "el código compilado se guarda en {cache}"),
    "doctor.cache.lost": (
        "compiled code is kept only until restart, in {cache}",
        "el código compilado solo dura hasta reiniciar, en {cache}",
    ),
    "doctor.cache.mend": (
        "name a folder that can be written in TREGUA_CACHE",
        "nombre en TREGUA_CACHE una carpeta donde se pueda escribir",
    ),
    "doctor.drill": ("drills", "simulacros"),
    "doctor.drill.killed": (
        "killed {times} times on the way, the same {files} files",
        "matada {times} veces en el camino, los mismos {files} archivos",
    ),
    "doctor.drill.starved": (
        "out of space {times} times, told in words, the same {files} files",
        "sin espacio {times} veces, dicho con palabras, los mismos {files} archivos",
    ),
    "doctor.drill.spoiled": (
        "{times} files broken, set aside and computed again, the same {files} files",
        "{times} archivos rotos, apartados y recalculados, los mismos {files} archivos",
    ),
    "doctor.drill.doubled": (
        "{times} processes on one store, the same {files} files",
        "{times} procesos en un mismo almacén, los mismos {files} archivos",
    ),
    "doctor.drill.closed": (
        "results folder closed to writing: told in words, nothing changed",
        "carpeta de resultados cerrada a la escritura: dicho con palabras, nada cambió",
    ),
    "doctor.drill.cannot": (
        "{drill}: cannot be tried by this user or on this system",
        "{drill}: no se puede probar con este usuario o en este sistema",
    ),
    "doctor.drill.no": ("{drill}: {why}", "{drill}: {why}"),
    "doctor.drill.mend": (
        "report it, with tregua doctor --drill --json",
        "infórmelo, con tregua doctor --drill --json",
    ),
    "doctor.versions": ("versions", "versiones"),
    "doctor.version.model": ("model", "modelo"),
    "doctor.version.machine": ("machine", "máquina"),
    "doctor.version.cores": ("cores", "núcleos"),
    "doctor.OK": ("OK", "OK"),
    "doctor.NOTE": ("NOTE", "NOTA"),
    "doctor.FAIL": ("FAIL", "FALLA"),
    "doctor.network": ("network", "red"),
    "doctor.network.none": ("not used by any command", "ninguna orden la usa"),
    "doctor.fine": (
        "Everything this copy needs is in place. Next: tregua run",
        "Esta copia tiene todo lo que necesita. Sigue: tregua run",
    ),
    "doctor.wrong": (
        "{n} of {total} checks failed; each says how to mend it.",
        "Fallaron {n} de {total} pruebas; cada una dice su remedio.",
    ),
    "simulate.title": (
        "{case}: {n} histories of {arm} under {reading}, seed {seed}; median [5; 95 % of histories]",
        "{case}: {n} historias de {arm} con {reading}, semilla {seed}; mediana [5; 95 % de las historias]",
    ),
    "simulate.year": ("year", "año"),
    "simulate.counted": ("counted", "contado"),
    "simulate.unknown": ("unknown", "se desconoce"),
    "simulate.saved": ("Wrote {path}", "Se escribió {path}"),
    "outcome.homicides_recorded": ("recorded, simulated", "registrados, simulados"),
    "outcome.homicides_hidden": ("hidden", "ocultos"),
    "outcome.deaths_by_state": ("killed by the state", "muertes por el Estado"),
    "outcome.arrests_wrongful": ("wrongful arrests", "capturas equivocadas"),
    "outcome.extortion_paid": ("paid by victims", "pagado por víctimas"),
    "outcome.command": ("command", "mando"),
    "run.title": (
        "tregua {version} · {case} (case {digest}, model {model}) · seed {seed} · {threads} threads · {out}",
        "tregua {version} · {case} (caso {digest}, modelo {model}) · semilla {seed} · {threads} hilos · {out}",
    ),
    "run.source": (
        "Simulated histories, not a forecast. No posterior yet: provisional joint draws and prior draws.",
        "Historias simuladas, no un pronóstico. Aún sin posterior: sorteos conjuntos provisionales y supuestos "
        "previos.",
    ),
    "run.source.priors": (
        "Simulated histories, not a forecast. No posterior and no joint draws: priors only.",
        "Historias simuladas, no un pronóstico. Sin posterior ni sorteos conjuntos: solo supuestos previos.",
    ),
    "run.source.posterior.passed": (
        "Simulated histories, not a forecast. {k} parameters from a posterior of {n} draws whose gate was passed with "
        "{sets} simulated data sets; the others from priors.",
        "Historias simuladas, no un pronóstico. {k} parámetros de un posterior de {n} sorteos cuyo control se superó "
        "con {sets} conjuntos simulados; los demás, de supuestos previos.",
    ),
    "run.source.posterior.failed": (
        "Simulated histories, not a forecast. {k} parameters from a posterior of {n} draws that has NOT passed its "
        "gate ({sets} simulated data sets): read shapes, not sizes.",
        "Historias simuladas, no un pronóstico. {k} parámetros de un posterior de {n} sorteos que NO superó su control "
        "({sets} conjuntos simulados): lea las formas, no los tamaños.",
    ),
    "run.source.posterior.not_run": (
        "Simulated histories, not a forecast. {k} parameters from a posterior of {n} draws whose gate was not run.",
        "Historias simuladas, no un pronóstico. {k} parámetros de un posterior de {n} sorteos cuyo control no se "
        "corrió.",
    ),
    "run.source.gate_others": (
        "The gate was not passed under: {readings}. Read shapes there, not sizes.",
        "El control no se superó en: {readings}. Lea ahí las formas, no los tamaños.",
    ),
    "run.source.other_model": (
        "The posterior of {reading} is of another model and is not used; tregua calibrate makes one of this model.",
        "El posterior de {reading} es de otro modelo y no se usa; tregua calibrate hace uno de este modelo.",
    ),
    "run.source.other_figures": (
        "The posterior of {reading} was fitted to other figures or levers and is not used.",
        "El posterior de {reading} se ajustó a otras cifras o palancas y no se usa.",
    ),
    "calibrate.register": (
        "Register {digest}, written before any fit: {path}",
        "Registro {digest}, escrito antes de ajustar nada: {path}",
    ),
    "calibrate.stage.priors": ("what the priors expect", "lo que esperan los supuestos"),
    "calibrate.before.title": (
        "{reading}, before any fit: {n:,} histories from priors alone",
        "{reading}, antes de ajustar nada: {n:,} historias solo con los supuestos previos",
    ),
    "calibrate.before.figure": ("figure", "cifra"),
    "calibrate.before.from": ("from", "desde"),
    "calibrate.before.to": ("to", "hasta"),
    "calibrate.before.value": ("published", "publicada"),
    "calibrate.before.range": ("priors expect, 5 – 95 %", "se espera, 5 – 95 %"),
    "calibrate.before.below": ("expected below it", "esperado por debajo"),
    "calibrate.before.outside": ("outside", "fuera"),
    "calibrate.before.counts": (
        "Of {n} counts, {half} lie in the middle half of what the priors expect and {most} in the middle nine tenths. "
        "Priors are wide on purpose: there is no band to pass.",
        "De {n} conteos, {half} caen en la mitad central de lo que esperan los supuestos previos y {most} en los "
        "nueve décimos centrales. Son amplios a propósito: no hay banda que cumplir.",
    ),
    "calibrate.before.out": (
        "Hardly ever given by the priors (less than 1 % as far out); argue with the prior before the fit: {names}",
        "Casi nunca dadas por los supuestos (menos del 1 % tan lejos); discuta el supuesto antes de ajustar: {names}",
    ),
    "calibrate.before.none_out": (
        "No figure lies where the priors hardly ever go (less than 1 % as far out).",
        "Ninguna cifra cae donde los supuestos casi nunca llegan (menos del 1 % tan lejos).",
    ),
    "calibrate.stage.bank": ("bank of histories", "banco de historias"),
    "calibrate.stage.learn": ("learn from the bank", "aprender del banco"),
    "calibrate.stage.chains": ("chains", "cadenas"),
    "calibrate.stage.gate": ("gate", "control"),
    "calibrate.title": (
        "{reading}: {n} joint draws of {k} parameters",
        "{reading}: {n} sorteos conjuntos de {k} parámetros",
    ),
    "calibrate.parameter": ("parameter", "parámetro"),
    "calibrate.prior": ("prior 5 – 95 %", "previo 5 – 95 %"),
    "calibrate.middle": ("median", "mediana"),
    "calibrate.range": ("5 – 95 %", "5 – 95 %"),
    "calibrate.says": ("the figures say", "las cifras dicen"),
    "calibrate.much": ("much", "mucho"),
    "calibrate.part": ("something", "algo"),
    "calibrate.little": ("little", "poco"),
    "calibrate.silent": ("The figures say nothing about: {names}", "Las cifras no dicen nada de: {names}"),
    "calibrate.no_trades": ("none", "ninguno"),
    "calibrate.trades": ("Traded off: {pairs}", "Se compensan: {pairs}"),
    "calibrate.chains": (
        "Chains: R-hat at most {rhat}, effective size at least {ess}",
        "Cadenas: R-hat a lo sumo {rhat}, tamaño efectivo al menos {ess}",
    ),
    "calibrate.left_out": (
        "Fitted counts inside the 90 % that the other figures expect: {n} of {total} (a right fit: {low} to {high})",
        "Conteos ajustados dentro del 90 % que esperan las demás cifras: {n} de {total} (un buen ajuste: {low} a "
        "{high})",
    ),
    "calibrate.redrawn": (
        "Fitted counts inside 90 % of new histories, each with a mood of its own: {n} of {total}",
        "Conteos ajustados dentro del 90 % de historias nuevas, cada una con su propio ánimo: {n} de {total}",
    ),
    "calibrate.gate.not_run": (
        "Gate not run: add --gate before anybody relies on sizes.",
        "Control sin correr: añada --gate antes de que alguien confíe en los tamaños.",
    ),
    "calibrate.gate.passed": (
        "Gate passed with {n} simulated data sets.",
        "Control superado con {n} conjuntos simulados.",
    ),
    "calibrate.gate.failed": (
        "Gate NOT passed with {n} simulated data sets: read shapes, not sizes.",
        "Control NO superado con {n} conjuntos simulados: lea las formas, no los tamaños.",
    ),
    "calibrate.gate.seen": (
        "It would have seen, four times in five: a bias of {shift} posterior standard deviations, or a stated spread "
        "of {narrow} or {wide} times the right one.",
        "Habría visto, cuatro de cada cinco veces: un sesgo de {shift} desviaciones estándar del posterior, o una "
        "dispersión declarada de {narrow} o {wide} veces la correcta.",
    ),
    "calibrate.wrote": ("Wrote {path}", "Escrito en {path}"),
    "validate.stage.histories": ("histories", "historias"),
    "validate.stage.checks": ("checks from outside", "comprobaciones externas"),
    "validate.hindcast": (
        "Hindcast of {n} counts that were never fitted, {start} to {end}",
        "Reconstrucción de {n} conteos nunca ajustados, {start} a {end}",
    ),
    "validate.given": (
        "Given the levers: what the state did after the window is put in, not foretold. CRPS in deaths a count; "
        "smaller is better.",
        "Con las palancas dadas: lo que hizo el Estado después de la ventana se introduce, no se predice. CRPS en "
        "muertes por conteo; menos es mejor.",
    ),
    "validate.forecast": ("forecast", "pronóstico"),
    "validate.log": ("log score", "log"),
    "validate.name.reading": ("the model, {reading}", "el modelo, {reading}"),
    "validate.name.laid_over": ("the model, {reading} (no fit of its own)", "el modelo, {reading} (sin ajuste propio)"),
    "validate.name.prior": ("priors, no fit", "supuestos previos, sin ajuste"),
    "validate.name.frozen": ("levers frozen at the window's end", "palancas fijas al fin de la ventana"),
    "validate.name.window": ("mean of the window", "media de la ventana"),
    "validate.name.last_year": ("mean of its last year", "media de su último año"),
    "validate.name.last_count": ("last count carried on", "último conteo mantenido"),
    "validate.name.levers": ("baseline that knows the lever dates", "base que sabe las fechas de las palancas"),
    "validate.skill": (
        "Against {two}: {value} [{lo}; {hi}]",
        "Frente a {two}: {value} [{lo}; {hi}]",
    ),
    "validate.skill.unknown": (
        "Against {two}: {value} [{lo}; {hi}], no difference that these counts can show",
        "Frente a {two}: {value} [{lo}; {hi}], ninguna diferencia que estos conteos muestren",
    ),
    "validate.one_history": (
        "One history is one draw of fate: these scores tell how the model met it, not how it would meet another.",
        "Una historia es un solo sorteo del destino: estos puntajes dicen cómo le fue al modelo con ella, no con otra.",
    ),
    "validate.pattern": ("pattern", "patrón"),
    "validate.counted": ("counted", "contado"),
    "validate.before": ("before the fit", "antes del ajuste"),
    "validate.after": ("after", "después"),
    "validate.verdict": ("verdict", "veredicto"),
    "validate.fails": ("FAILS", "FALLA"),
    "validate.marginal": ("marginal", "al límite"),
    "validate.passes": ("passes", "cumple"),
    "validate.not_scored": ("reported", "informado"),
    "validate.no_test": ("no test", "no es prueba"),
    "validate.no_test.why": (
        "no test: the priors alone already pass, in {share} of their runs or more",
        "no es prueba: los supuestos previos solos ya cumplen, en el {share} de sus corridas o más",
    ),
    "validate.apart": (
        "{reading}: the fitted counts tell it from the default, {d} ± {e} log units",
        "{reading}: los conteos ajustados la distinguen de la de partida, {d} ± {e} unidades log",
    ),
    "validate.same": (
        "{reading}: the fitted counts cannot tell it from the default, {d} ± {e} log units",
        "{reading}: los conteos ajustados no la distinguen de la de partida, {d} ± {e} unidades log",
    ),
    "validate.check.holds": (
        "holds: {name} ({found}, {wanted} ± {error})",
        "se cumple: {name} ({found}, {wanted} ± {error})",
    ),
    "validate.check.fails": (
        "does NOT hold: {name} ({found}, {wanted} ± {error})",
        "NO se cumple: {name} ({found}, {wanted} ± {error})",
    ),
    "validate.sign.holds": (
        "holds: {name} (mean paired difference {found} ± {error})",
        "se cumple: {name} (diferencia media pareada {found} ± {error})",
    ),
    "validate.sign.open": (
        "not shown: {name} (mean paired difference {found} ± {error}, within two errors of 0)",
        "no se mostró: {name} (diferencia media pareada {found} ± {error}, dentro de dos errores de 0)",
    ),
    "validate.sign.fails": (
        "does NOT hold: {name} (mean paired difference {found} ± {error}; it had to lie two errors below 0)",
        "NO se cumple: {name} (diferencia media pareada {found} ± {error}; debía quedar dos errores bajo 0)",
    ),
    "validate.check.not_asked": ("not asked here: {name}: {reason}", "aquí no se pregunta: {name}: {reason}"),
    "validate.no_patterns": (
        "No patterns are registered for this case: beside its counts, nothing says what the model should look like.",
        "Este caso no registra patrones: fuera de sus conteos, nada dice cómo debería verse el modelo.",
    ),
    "validate.too_few": (
        "{n} counts are too few to say of any difference between these scores whether it is more than chance.",
        "{n} conteos son muy pocos para decir si una diferencia entre estos puntajes es más que azar.",
    ),
    "validate.no_held_out": (
        "No count after the fit window was kept for scores: nothing here tests the model on what it never saw.",
        "Ningún conteo posterior a la ventana se reservó: nada de aquí prueba el modelo con lo que no ha visto.",
    ),
    "validate.check.recruitment_balance": (
        "the model of 2023 of recruits and arrests comes back as a special case",
        "el modelo de 2023 de reclutas y capturas resulta como caso particular",
    ),
    "validate.check.planted_branching": (
        "planted retaliation is found again within two standard errors",
        "la represalia sembrada se recupera dentro de dos errores estándar",
    ),
    "validate.check.conditional_deters": (
        "arrests aimed at those who break the halt lower killings",
        "capturas dirigidas a quien rompe el alto bajan los homicidios",
    ),
    "validate.check.unconditional_provokes": (
        "raids and lethal force whatever gangs do raise killings",
        "redadas y fuerza letal hagan lo que hagan las pandillas suben los homicidios",
    ),
    "validate.check.force_provokes": (
        "lethal force alone, whatever gangs do, raises killings",
        "la fuerza letal sola, hagan lo que hagan las pandillas, sube los homicidios",
    ),
    "validate.check.cut_off_leaders_break_pacts": (
        "cutting leaders off breaks the pact",
        "aislar a los jefes rompe el pacto",
    ),
    "validate.check.weak_command_weakens": (
        "with half the command the truce is weaker",
        "con la mitad del mando la tregua es más débil",
    ),
    "run.compile": ("compile the model", "compilar el modelo"),
    "run.cached": ("done (cached)", "hecho (en caché)"),
    "run.done": ("done", "hecho"),
    "run.record": ("as it happened", "como ocurrió"),
    "run.first": ("first responses", "primeras respuestas"),
    "run.compare": ("responses × readings", "respuestas × lecturas"),
    "run.next": ("what next, from 2017", "qué hacer después, desde 2017"),
    "run.page": ("write the page", "escribir la página"),
    "run.first_page": ("First screen: {path}", "Primera pantalla: {path}"),
    "run.refit": (
        "Not shown, for want of a refit: {readings}.",
        "No se muestran, por falta de reajuste: {readings}.",
    ),
    "run.failed": (
        "{n} of {total} runs failed and are set aside. The rest is shown. Reproduce: {command}",
        "{n} de {total} corridas fallaron y se apartaron. Se muestra el resto. Reproducir: {command}",
    ),
    "run.rest_points": (
        ("Rest points of the truce: product {value} {span}; above 4, where a truce may hold or fail, in {share} runs."),
        (
            "Puntos de reposo de la tregua: producto {value} {span}; sobre 4, donde puede durar o fallar, en {share} "
            "corridas."
        ),
    ),
    "run.open": ("Open {path} in a browser; it needs no network.", "Abra {path} en un navegador; no necesita red."),
    "compare.head": (
        (
            "Against {reference}, {years} from {day}, {n} paired runs under {reading}, median [90 % range]      "
            "readings: {readings}"
        ),
        (
            "Frente a «{reference}», {years} desde el {day}, {n} corridas pareadas con {reading}, mediana [rango "
            "del 90 %]      lecturas: {readings}"
        ),
    ),
    "compare.halt_holds": (
        "The gangs' own halt of 2016 holds (nobody's lever).",
        "El alto de las propias pandillas de 2016 se mantiene (no es palanca de nadie).",
    ),
    "compare.halt_ends": (
        "The gangs' own halt of 2016 ends that day (nobody's lever).",
        "El alto de las propias pandillas de 2016 termina ese día (no es palanca de nadie).",
    ),
    "compare.beyond": (
        "This horizon lies past the figures, which end on {day}.",
        "Este horizonte pasa de las cifras, que terminan el {day}.",
    ),
    "compare.few": (
        "Fewer than {least} draws: no sign is told and no flip can be seen.",
        "Menos de {least} sorteos: no se dice ningún signo ni se ve ningún cambio.",
    ),
    "compare.flip.more": (
        "!  CHANGES SIGN  {arm}: more killings under {list}; fewer under {n} of {total} readings",
        "!  CAMBIA DE SIGNO  {arm}: más homicidios con {list}; menos con {n} de {total} lecturas",
    ),
    "compare.flip.fewer": (
        "!  CHANGES SIGN  {arm}: fewer killings under {list}; more under {n} of {total} readings",
        "!  CAMBIA DE SIGNO  {arm}: menos homicidios con {list}; más con {n} de {total} lecturas",
    ),
    "compare.flip.none": (
        "No response changes the sign of killings in the {n} readings tried. Others may exist.",
        "Ninguna respuesta cambia el signo de los homicidios en las {n} lecturas probadas. Puede haber otras.",
    ),
    "compare.halt.more": (
        "!  CHANGES SIGN  {arm}: more killings while the gangs' own halt holds, fewer once it ends",
        "!  CAMBIA DE SIGNO  {arm}: más homicidios mientras dura el alto de las pandillas, menos cuando termina",
    ),
    "compare.halt.fewer": (
        "!  CHANGES SIGN  {arm}: fewer killings while the gangs' own halt holds, more once it ends",
        "!  CAMBIA DE SIGNO  {arm}: menos homicidios mientras dura el alto de las pandillas, más cuando termina",
    ),
    "compare.refitted": ("refitted", "reajustada"),
    "compare.column.response": ("response", "respuesta"),
    "compare.column.reading": ("reading", "lectura"),
    "compare.column.outcome": ("outcome", "resultado"),
    "compare.column.homicides": ("homicides", "homicidios"),
    "compare.column.deaths_by_state": ("by state", "Estado"),
    "compare.column.deaths_in_custody": ("custody", "custodia"),
    "compare.column.arrests_wrongful": ("wrongful", "equivoc."),
    "compare.column.extortion_paid": ("paid $m", "pago $m"),
    "compare.column.votes_deliverable": ("votes", "votos"),
    "compare.column.flips": ("flips", "cambios"),
    "compare.column.minors_detained": ("minors", "menores"),
    "compare.column.regret": ("worst regret", "peor arrep."),
    "compare.column.worst": ("worst", "peor"),
    "compare.column.under": ("under", "con"),
    "compare.column.least": ("least", "mínimo"),
    "compare.column.pairing": ("pairing ×", "pareo ×"),
    "compare.marks": (
        (
            "by state, custody: deaths · wrongful: arrests · ⇄ changes sign in some reading · P mostly from "
            "assumptions · ≈ 0 within error"
        ),
        (
            "Estado, custodia: muertes · equivoc.: capturas · ⇄ cambia de signo en alguna lectura · P sobre todo "
            "supuesto · ≈ 0 dentro del error"
        ),
    ),
    "compare.reference": ("reference {value}", "referencia {value}"),
    "compare.not_ranked": ("not ranked", "no se ordena"),
    "compare.two": (
        "two outcomes: {low} in {a}, {high} in {b} of 100",
        "dos desenlaces: {low} en {a}, {high} en {b} de 100",
    ),
    "compare.two.short": ("{low} | {high}", "{low} | {high}"),
    "compare.status.refit_needed": ("refit needed", "falta reajuste"),
    "compare.status.not_run": ("not run", "sin correr"),
    "compare.status.not_defined": ("not defined", "no definido"),
    "compare.own": ("own ({list})", "propios ({list})"),
    "compare.verdict": (
        (
            "No response is least bad under every reading. With weights “{weights}”, {arm} has the smallest worst "
            "regret ({worst}, under {under}, where {other} is least bad; the same in {of} of 100 resamples). {more}"
        ),
        (
            "Ninguna respuesta es la menos mala en todas las lecturas. Con los pesos «{weights}», {arm} tiene el menor"
            " arrepentimiento máximo ({worst}, con {under}, donde la menos mala es {other}; igual en {of} de cada 100 "
            "remuestreos). {more}"
        ),
    ),
    "compare.verdict.average": (
        (
            "On the average over readings: {arm}, with lower regret in {low} of {n} (clearly in {k}), but {worst} "
            "under {under}."
        ),
        (
            "En el promedio de las lecturas: {arm}, con menos arrepentimiento en {low} de {n} (claramente en {k}), "
            "pero {worst} con {under}."
        ),
    ),
    "compare.verdict.average.same": (
        "It is least bad on the average over readings too.",
        "También es la menos mala en el promedio de las lecturas.",
    ),
    "compare.price": (
        "Here {y} years of wrongful detention count as one death, an assumption.",
        "Aquí {y} años de detención injusta cuentan como una muerte, un supuesto.",
    ),
    "compare.price.free": ("Wrongful detention counts nothing here.", "La detención injusta no cuenta aquí."),
    "compare.price.fewer": (
        "If fewer than about {n} years of it counted as one death, it would be {arm}.",
        "Si menos de unos {n} años contaran como una muerte, sería {arm}.",
    ),
    "compare.price.more": (
        "If it took more than about {n} years of it, it would be {arm}.",
        "Si hicieran falta más de unos {n} años para una muerte, sería {arm}.",
    ),
    "compare.price.none": (
        "No price of it, up to one death a year, changes this.",
        "Ningún precio de ella, hasta una muerte por año, lo cambia.",
    ),
    "compare.spans": (
        "Over other spans the smallest worst regret is another's: {list}.",
        "En otros plazos el menor arrepentimiento máximo es de otra: {list}.",
    ),
    "compare.courts": (
        "The model has no term for what a response does to courts and to the law.",
        "El modelo no tiene ningún término para lo que una respuesta hace a los tribunales y a la ley.",
    ),
    "compare.verdict.without": ("Without {list} it would be {arm}.", "Sin {list} sería {arm}."),
    "compare.verdict.without.none": (
        "Leaving out any one reading does not change this.",
        "Quitar una sola lectura, cualquiera, no lo cambia.",
    ),
    "compare.verdict.same": (
        (
            "With weights “{weights}”, {arm} has the smallest regret under all {n} readings tried (worst {worst}, "
            "under {under}; the same in {of} of 100 resamples). Others may exist."
        ),
        (
            "Con los pesos «{weights}», {arm} tiene el menor arrepentimiento en las {n} lecturas probadas (el peor "
            "{worst}, con {under}; igual en {of} de cada 100 remuestreos). Puede haber otras."
        ),
    ),
    "compare.more": (
        (
            "Also compared: disappearances, command, monitoring lost, members, every reading and regret (--full). What"
            " would change the choice if settled: tregua compare --evidence"
        ),
        (
            "También se comparan: desapariciones, mando, vigilancia perdida, miembros, cada lectura y el "
            "arrepentimiento (--full). Qué cambiaría la elección si se aclarara: tregua compare --evidence"
        ),
    ),
    "compare.by_reading": ("Every response under every reading", "Cada respuesta con cada lectura"),
    "compare.others": (
        "All outcomes, against no truce, under {reading}",
        "Todos los resultados, frente a sin tregua, con {reading}",
    ),
    "compare.regret": ("Regret in deaths, weights “{weights}”", "Arrepentimiento en muertes, pesos «{weights}»"),
    "compare.expected": ("mean, {belief}", "media, {belief}"),
    "compare.first": ("first, {belief}", "primera, {belief}"),
    "compare.belief.equal": ("equal", "iguales"),
    "compare.belief.civil_society": ("civil-society prior", "supuesto de sociedad civil"),
    "compare.belief.law_enforcement": ("law-enforcement prior", "supuesto policial"),
    "compare.belief.own": ("own", "propios"),
    "compare.leads": (
        (
            "first: weight, out of 100, of the readings under which it leads on average. With --luck 4 or more: its "
            "chance of leading."
        ),
        (
            "primera: peso, de 100, de las lecturas en que va adelante en promedio. Con --luck 4 o más: su "
            "probabilidad de ir adelante."
        ),
    ),
    "compare.leads.chance": (
        "first: chance, out of 100, of leading over readings and parameters, averaged over luck.",
        "primera: probabilidad, de 100, de ir adelante entre lecturas y parámetros, promediada sobre la suerte.",
    ),
    "compare.unbeaten": (
        "Beaten on every outcome at once by no other, under any reading: {list}",
        "Ninguna otra las supera en todos los resultados a la vez, en ninguna lectura: {list}",
    ),
    "compare.beaten": (
        "{arm} is no better than {list} in any outcome shown, under {reading}.",
        "{arm} no es mejor que {list} en ningún resultado mostrado, con {reading}.",
    ),
    "compare.thresholds": (
        "Histories that meet all of: {list} (differences from no truce)",
        "Historias que cumplen a la vez: {list} (diferencias con sin tregua)",
    ),
    "compare.wrote": ("Wrote {paths}. Next: tregua report", "Se escribió {paths}. Sigue: tregua report"),
    "compare.evidence.head": (
        (
            "What would change the choice if it were settled, in deaths of expected regret avoided ± error, weights "
            "“{weights}”"
        ),
        (
            "Qué cambiaría la elección si se aclarara, en muertes de arrepentimiento esperado que se evitan ± error, "
            "pesos «{weights}»"
        ),
    ),
    "compare.evidence.noise": (
        "noisy: an inquiry that says yes wrongly with chance {yes} and no wrongly with chance {no}",
        "con ruido: una indagación que dice sí por error con probabilidad {yes} y no por error con {no}",
    ),
    "compare.evidence.dispute": ("dispute", "disputa"),
    "compare.evidence.noisy": ("noisy", "con ruido"),
    "compare.evidence.moves": ("would move the choice", "movería la elección"),
    "compare.evidence.claims": ("claims", "afirmaciones"),
    "compare.evidence.nothing": (
        "Settling these would change no choice: {list}",
        "Aclarar esto no cambiaría ninguna decisión: {list}",
    ),
    "compare.evidence.parameters": (
        "Nor would {n} parameters taken alone, beyond error with these draws.",
        "Tampoco {n} parámetros por separado, más allá del error con estos sorteos.",
    ),
    "compare.evidence.why": (
        (
            "{name}: whatever the answer, {choice} keeps a lead of at least {left} deaths ({lead} now). This rests on "
            "priors: {priors}"
        ),
        (
            "{name}: sea cual sea la respuesta, {choice} conserva una ventaja de al menos {left} muertes ({lead} "
            "ahora). Se apoya en supuestos: {priors}"
        ),
    ),
    "compare.evidence.persons": (
        "{n} claims are not evaluated: they concern a person.",
        "{n} afirmaciones no se evalúan: conciernen a una persona.",
    ),
    "compare.evidence.mute": ("Not expressed in this model: {list}", "No expresadas en este modelo: {list}"),
    "compare.evidence.none": ("{case}: no ledger", "{case}: sin registro"),
    "compare.evidence.no_ledger": ("Claims are not listed: {why}", "Las afirmaciones no se muestran: {why}"),
    "compare.evidence.stage": ("value of evidence", "valor de la evidencia"),
    "compare.evidence.not": ("not {reading}", "no {reading}"),
    "compare.evidence.other": ("another reading", "otra lectura"),
    "compare.evidence.above": ("above its median", "por encima de su mediana"),
    "compare.evidence.below": ("below its median", "por debajo de su mediana"),
    "compare.evidence.some": ("some values", "algunos valores"),
    "compare.question.interlocutors": (
        "what are interlocutors: genuine, dual or agents?",
        "¿qué son los mediadores: genuinos, duales o agentes?",
    ),
    "compare.question.repression": (
        "does repression work or feed the gangs?",
        "¿la represión funciona o alimenta a las pandillas?",
    ),
    "compare.question.fall": ("why did killings fall?", "¿por qué bajaron los homicidios?"),
    "compare.evidence.close": (
        (
            "{name}: some answer may move the choice from {choice}, but not beyond error with these draws (lead now "
            "{lead}, at worst {left}). Priors at work: {priors}"
        ),
        (
            "{name}: alguna respuesta podría mover la elección desde {choice}, pero no más allá del error con estos "
            "sorteos (ventaja ahora {lead}, en el peor caso {left}). Supuestos en juego: {priors}"
        ),
    ),
    "compare.belief.neutral": ("neutral prior", "supuesto neutral"),
    "compare.sensitivity.stage": ("what moves the contrast", "qué mueve el contraste"),
    "compare.sensitivity.head": (
        "What moves the homicides of {arm} against no truce: share of the variance, core tier",
        "Qué mueve los homicidios de {arm} frente a sin tregua: parte de la varianza, nivel central",
    ),
    "compare.sensitivity.factor": ("factor", "factor"),
    "compare.sensitivity.first": ("alone", "solo"),
    "compare.sensitivity.total": ("with others", "con otros"),
    "compare.sensitivity.fitted": ("fitted parameters, together", "parámetros ajustados, juntos"),
    "compare.sensitivity.chance": ("chance (replication noise)", "azar (ruido de réplica)"),
    "compare.sensitivity.chance.note": (
        "{n} more factors lie within two errors of zero. Chance is a factor of its own.",
        "{n} factores más están a menos de dos errores de cero. El azar es un factor propio.",
    ),
    "compare.tornado.head": (
        "What no figure identifies: homicides of {arm} against no truce at 5 and 95 % of each prior",
        "Lo que ninguna cifra identifica: homicidios de {arm} frente a sin tregua al 5 y 95 % de cada supuesto",
    ),
    "compare.tornado.low": ("at 5 %", "al 5 %"),
    "compare.tornado.high": ("at 95 %", "al 95 %"),
    "compare.tornado.evidence": ("rests on", "se apoya en"),
    "compare.tornado.rest": (
        "{n} more move it less, or not beyond error.",
        "{n} más lo mueven menos, o no más allá del error.",
    ),
    "compare.fails.head": (
        "Where {arm} fails to meet {list} (differences from no truce)",
        "Dónde {arm} no cumple {list} (diferencias con sin tregua)",
    ),
    "compare.fails.none": ("No region stands out beyond chance.", "Ninguna región se destaca más allá del azar."),
    "compare.fails.numbers": (
        "coverage {coverage}, density {density}, {n} histories; a rule about assumptions, not about places or people",
        (
            "cobertura {coverage}, densidad {density}, {n} historias; una regla sobre supuestos, no sobre lugares ni "
            "personas"
        ),
    ),
    "compare.roles.stage": ("errors about interlocutors", "errores sobre mediadores"),
    "compare.roles.head": (
        "Both errors about interlocutors, {n} abstract roles together, secret truce",
        "Los dos errores sobre mediadores, {n} roles abstractos en conjunto, tregua secreta",
    ),
    "compare.roles.prior": ("prior", "supuesto"),
    "compare.roles.ratio": ("ratio", "razón"),
    "compare.roles.policy": ("policy", "política"),
    "compare.roles.removed": ("genuine removed", "genuinos removidos"),
    "compare.roles.missed": ("agents active", "agentes activos"),
    "compare.roles.watch": ("watch lost", "vigilancia perdida"),
    "compare.roles.homicides": ("homicides", "homicidios"),
    "compare.roles.protect": ("protect", "proteger"),
    "compare.roles.prosecute": ("prosecute", "procesar"),
    "compare.roles.list": ("list", "incluir en listas"),
    "compare.roles.note": (
        (
            "ratio: likelihood ratio of a typical year of signals; at 1.0 a signal says nothing and removal follows "
            "the prior alone. Means over histories; watch and homicides against protecting. Small because contact and "
            "access are inputs."
        ),
        (
            "razón: razón de verosimilitud de un año típico de señales; en 1.0 una señal no dice nada y la remoción "
            "sigue solo al supuesto. Promedios de historias; vigilancia y homicidios frente a proteger. Pequeño porque"
            " contacto y acceso son datos de entrada."
        ),
    ),
    "report.figures": (
        "Wrote {n} files of figures to {folder}.",
        "Se escribieron {n} archivos de figuras en {folder}.",
    ),
    "effect.begun": (
        "Estimating {title}: full posteriors take a minute or two; --fast approximates them in seconds.",
        "Estimando {title}: las posteriores completas tardan uno o dos minutos; --fast las aproxima en segundos.",
    ),
    "effect.begun.fast": (
        "Estimating {title} with approximate posteriors.",
        "Estimando {title} con posteriores aproximadas.",
    ),
    "effect.stage": ("estimates and checks", "estimaciones y pruebas"),
    "effect.counts": (
        "Counts: {n} intervals, {who}, {start} to {end}. Phases: {phases}.",
        "Conteos: {n} intervalos, {who}, {start} a {end}. Fases: {phases}.",
    ),
    "effect.counts.nobody": (
        "Counts: {n} intervals, {start} to {end}; the file does not say who counted. Phases: {phases}.",
        "Conteos: {n} intervalos, {start} a {end}; el archivo no dice quién contó. Fases: {phases}.",
    ),
    "effect.counted.police": ("police", "policía"),
    "effect.counted.forensic": ("forensic institute", "medicina legal"),
    "effect.counted.other": ("other official figures", "otras cifras oficiales"),
    "effect.column.estimator": ("estimator", "estimador"),
    "effect.column.ratio": ("rate ratio [95 %]", "cociente de tasas [95 %]"),
    "effect.column.fewer": ("fewer than expected", "menos de lo esperado"),
    "effect.column.checks": ("checks", "pruebas"),
    "effect.column.measured": ("measured coverage, at worst", "cobertura medida, lo peor"),
    "effect.column.note": ("note", "nota"),
    "effect.column.donor": ("donor", "donante"),
    "effect.column.weight": ("weight [equally good]", "peso [igual de buenos]"),
    "effect.column.why": ("used, or why not", "usado, o por qué no"),
    "effect.column.worlds": ("worlds", "mundos"),
    "effect.column.measure": ("measured", "medido"),
    "effect.column.share": ("share [95 %]", "parte [95 %]"),
    "effect.column.term": ("term", "término"),
    "effect.column.two_way": ("by area and period", "por área y periodo"),
    "effect.checks": ("{passed} of {of}", "{passed} de {of}"),
    "effect.measured": (
        "{coverage}, false {false} ({worlds} worlds)",
        "{coverage}, falsos {false} ({worlds} mundos)",
    ),
    "effect.measured.date": (
        "of the date: {coverage}, false {false} ({worlds} worlds)",
        "de la fecha: {coverage}, falsos {false} ({worlds} mundos)",
    ),
    "effect.measured.other": ("other counts or phases", "otros conteos o fases"),
    "effect.other": (
        "Other counts or phases: measured on El Salvador's counts with the phases of that case, not on these.",
        "Otros conteos o fases: medido con los conteos de El Salvador y las fases de ese caso, no con estos.",
    ),
    "effect.other.table": (
        "Measured on El Salvador's counts with the phases of that case, not on these:",
        "Medido con los conteos de El Salvador y las fases de ese caso, no con estos:",
    ),
    "effect.measured.fast": ("measured on its fast form", "medido en su forma rápida"),
    "effect.uncertified": ("not certified", "sin certificar"),
    "effect.no_estimate": ("no estimate", "sin estimación"),
    "effect.none": ("{name} gives no estimate: {reason}. {remedy}.", "{name} no da estimación: {reason}. {remedy}."),
    "effect.note.below": ("the reason stands below", "la razón está más abajo"),
    "effect.dash": (
        "–  not given: by an estimator without an estimate, by one that has no such figure, or by a published study",
        "–  no la hay: en un estimador sin estimación, en uno que no da esa cifra, o en un estudio publicado",
    ),
    "effect.note.fast": ("approximate", "aproximada"),
    "effect.check.passed": ("passed", "pasó"),
    "effect.check.failed": ("FAILED", "NO PASÓ"),
    "effect.check.informational": ("for information", "informativa"),
    "effect.check.not_applicable": ("does not apply", "no aplica"),
    "effect.measure.false_positive": ("effect seen, there is none (5 %)", "ve un efecto donde no hay (5 %)"),
    "effect.measure.coverage_null": ("interval holds none (95 %)", "el intervalo contiene «ninguno» (95 %)"),
    "effect.measure.coverage": ("interval holds the effect (95 %)", "el intervalo contiene el efecto (95 %)"),
    "effect.measure.coverage.date": (
        "a date's interval holds the day (95 %)",
        "el intervalo de una fecha contiene el día",
    ),
    "effect.measure.coverage_null.date": ("no break found, there is none", "no halla quiebre, no lo hay"),
    "effect.measure.power": ("effect seen", "ve el efecto"),
    "effect.wrote": ("Wrote {path}", "Se escribió {path}"),
    "effect.stored": ("As stored in {path}", "Como está guardado en {path}"),
    "effect.page": ("Section 8 of the page: tregua report {case}", "Sección 8 de la página: tregua report {case}"),
    "effect.harm": (
        "Recorded counts against what a design expects; not a cause, not about any person: RESPONSIBLE_USE.md",
        "Conteos registrados frente a lo que un diseño espera; no una causa, sobre ninguna persona: RESPONSIBLE_USE.md",
    ),
    "effect.panel": (
        "Panel: {areas} areas with an event, {periods} periods, {empty} areas without any (they tell nothing). "
        "In force from {start}.",
        "Panel: {areas} áreas con algún hecho, {periods} periodos, {empty} áreas sin ninguno (no informan). "
        "Vigente desde {start}.",
    ),
    "effect.panel.truce": ("truce, at mean prison density", "tregua, con densidad penal media"),
    "effect.panel.interaction": ("truce x prison density, a sd", "tregua x densidad penal, una de"),
    "effect.panel.trend": ("trend, a year", "tendencia, un año"),
    "effect.panel.published.without": (
        "Katz et al. 2016, without controls",
        "Katz et al. 2016, sin controles",
    ),
    "effect.panel.published.with": ("Katz et al. 2016, with controls", "Katz et al. 2016, con controles"),
    "effect.panel.note": (
        "The interaction multiplies the ratio for each standard deviation more of imprisoned members; errors are "
        "clustered by area, in the last column by period too.",
        "La interacción multiplica el cociente por cada desviación estándar más de miembros presos; los errores se "
        "agrupan por área, y en la última columna también por periodo.",
    ),
    "effect.panel.note.plain": (
        "Without a column prison no interaction can be told; errors are clustered by area, in the last column by "
        "period too.",
        "Sin una columna prison (presos) no hay interacción; los errores se agrupan por área, y en la última columna "
        "también por periodo.",
    ),
    "report.nothing": (
        "No runs are stored yet: the page holds the figures only. Next: tregua run {case}{out}",
        "Aún no hay corridas guardadas: la página solo tiene las cifras. Sigue: tregua run {case}{out}",
    ),
    "speed.fast": ("fast", "rápida"),
    "speed.ordinary": ("ordinary", "normal"),
    "speed.slow": ("slow", "lenta"),
}


def phrase(key: str, lang: str = "en", **slots: object) -> str:
    """One phrase with its slots filled.

    Parameters
    ----------
    key : str
        A key of `PHRASES`.
    lang : str
        ``en`` or ``es``.
    **slots : object
        A value for every slot.
    """
    return PHRASES[key][LANGUAGES.index(lang)].format(**slots)
