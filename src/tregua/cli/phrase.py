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
        "{case}: {errors}, {warnings}. Valid. Next: tregua run {case}",
        "{case}: {errors}, {warnings}. Válido. Sigue: tregua run {case}",
    ),
    "check.invalid": (
        "{case}: {errors}, {warnings}. Not valid yet. Schema for your editor: tregua check --schema",
        "{case}: {errors}, {warnings}. Aún no es válido. Esquema para su editor: tregua check --schema",
    ),
    "odd.written": ("Wrote {path}", "Se escribió {path}"),
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
    "doctor.versions": ("versions", "versiones"),
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
        "Historias simuladas, no un pronóstico. Sin posterior aún: sorteos conjuntos provisionales y supuestos previos.",
    ),
    "run.source.priors": (
        "Simulated histories, not a forecast. No posterior and no joint draws: priors only.",
        "Historias simuladas, no un pronóstico. Sin posterior ni sorteos conjuntos: solo supuestos previos.",
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
    "run.open": ("Open {path} in a browser; it needs no network.", "Abra {path} en un navegador; no necesita red."),
    "report.nothing": (
        "No runs are stored yet: the page holds the figures only. Next: tregua run",
        "Aún no hay corridas guardadas: la página solo tiene las cifras. Sigue: tregua run",
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
