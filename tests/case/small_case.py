"""A small valid case, as text."""

from __future__ import annotations

from pathlib import Path

SMALL: dict[str, str] = {
    "case.toml": """\
format = 1
id = "small"
title_en = "Small"
title_es = "Pequeño"
start = 2010-01-01
end = 2015-12-31
fit_end = 2012-12-31

[world]
members_active = 1000
broker_roles = ["facilitator_1", "organisation_1"]

[parameters]
contest_rate = 0.05

[[gangs]]
id = "G1"
family = "ms13"
share = 1.0
name_en = "First"
name_es = "Primera"

[[decisions]]
id = "2012"
date = 2012-03-08
horizons = [1, 2]
keep = ["pacts"]
title_en = "March"
title_es = "Marzo"

[[arms]]
id = "no_truce"
label_en = "No truce"
label_es = "Sin tregua"

[[arms]]
id = "open_truce"
label_en = "Open truce"
label_es = "Tregua abierta"

[[readings]]
id = "default"
meaning_en = "as declared"
meaning_es = "como se declara"

[[readings]]
id = "hidden_killings"
short = "R3"
meaning_en = "part was hidden"
meaning_es = "parte se ocultó"
""",
    "areas.csv": """\
id,name,population,urban_share,municipalities
A1,North,100000,0.4,3
A2,South,50000,0.2,2
""",
    "levers.csv": """\
id,date,value,source,basis
arrests,2010-01-01,1,-,start
lethal,2010-01-01,1,-,start
contact,2010-01-01,0.35,-,start
contact,2012-03-08,1,S1,date sourced
pacts,2012-01-01,0.3,homicides.csv,assumed
commitment,2012-03-08,0.6,C35,judged
""",
    "arms.csv": """\
arm,lever,value,from
no_truce,none,,2012-03-08
open_truce,contact,0.8,2012-03-08
open_truce,legal,1,2012-03-08
""",
    "readings.csv": """\
reading,target,value,refit
default,none,,0
hidden_killings,hide_truce,0.4,1
hidden_killings,breach_weight,x0.5,1
hidden_killings,own_halt,2012-03-08:0.97;2014-03-01:0,1
""",
    "refits.csv": """\
name,hidden_killings,note
contest_rate,0.043,
hide_truce,0.4,set by the reading
breach_weight,0.3,set by the reading
""",
    "draws.csv": """\
draw,contest_rate,hide_truce
0,0.04,0.1
1,0.05,0.2
""",
    "fit_targets.csv": """\
measure,date_or_spans,value,error,distribution,source
members_active,2011-05-15,1200,0.1,lognormal,S1
support,2012-01-01..2012-06-30,0.2,0.05,normal,S1;S2
""",
    "chronology.csv": """\
date,precision,lane,kind,event_en,event_es,value,status,source
2012-03-08,day,truce,prison,leaders moved,traslado de jefes,30,reported,S1
2012-11,month,outside,sanction,listing,inclusión en lista,,reported,S2
""",
    "sources.csv": """\
key,citation,address,taken,reliability
S1,"A paper, 2013",,counts,press
S2,A bulletin,https://example.org,counts,press
""",
    "series/homicides.csv": """\
start,end,homicides,institution,source,note,use,use_reason,subtract
2010-01-01,2010-06-30,300,PNC,S1,,fit,half year,yes
2010-01-01,2010-12-31,620,PNC,S1,,alternative,the year,yes
2011-01-01,2011-12-31,640,IML,S2,,fit,the year,no
2012-01-01,2012-12-31,400,PNC,S1;S2,,fit,the year,no
2013-01-01,2013-12-31,410,PNC,S1,,score,the year,no
2014-01-01,2014-12-31,600,PNC,S1,,excluded,not final,no
""",
    "series/figures.csv": """\
start,end,measure,value,value_high,institution,source,use,use_reason
2011-01-01,2011-12-31,extortion_reports,100,,PNC,S1,fit,target
2011-01-01,2011-12-31,disappearance_reports,50,60,PNC,S1,fit,target
2013-01-01,2013-12-31,gang_members_killed,5,,PNC,S1,score,later
2012-05-01,2012-05-31,members_imprisoned,300,,ministry,S2,fit,target
2012-06-01,2012-06-30,some_or_much_trust_in_truce,20,,pollster,S2,fit,target
""",
    "geo/areas.json": "{}\n",
}


def write_case(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files of a case under `folder`."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder
