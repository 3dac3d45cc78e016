"""The API: what it gives, what it refuses, and in which form."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

SECRET = {"a": {"arm": "no_truce"}, "b": {"arm": "secret_truce"}}


def test_runs_come_in_stages_with_deaths_and_rights_together(story):
    found = story(**SECRET)
    assert [m["kind"] for m in found] == ["begin", "story", "end"]
    told = found[1]
    assert told["n"] == 6
    outcomes = [row["outcome"] for row in told["rows"]]
    assert {"homicides", "deaths_by_state", "arrests_wrongful", "extortion_paid", "votes_deliverable"} <= set(outcomes)
    assert len(told["a"]["band"]) == 5
    assert all(low <= mid <= high for low, mid, high in zip(*(told["a"]["band"][i] for i in (0, 2, 4)), strict=True))


def test_the_three_explanations_come_together_by_default(client):
    answer = client.post("/api/runs", json={"runs": 2, "others": False})
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [m["reading"] for m in found if m["kind"] == "story"] == [
        "default",
        "hidden_killings",
        "fall_not_concessions",
    ]


def test_the_difference_is_paired_and_not_that_of_two_bands(story):
    found = story(a={"arm": "open_truce"}, b={"arm": "open_truce"})[1]
    assert all(value == 0 for band in found["diff"]["band"] for value in band)
    assert all(row["q05"] == row["q95"] == 0 for row in found["rows"])


def test_the_end_is_the_same_however_it_was_reached(client, story):
    whole = story(runs=24, **SECRET)[-2]
    story(runs=24, a={"arm": "no_truce"}, b={"arm": "mano_dura"})
    again = story(runs=24, **SECRET)[-2]
    assert whole["diff"] == again["diff"]
    assert whole["rows"] == again["rows"]


def test_numbers_in_print_are_in_both_languages(story):
    row = story(**SECRET)[1]["rows"][0]
    assert set(row["text"]) == {"en", "es"}
    assert row["text"]["en"]["span"].startswith("[")


def test_single_histories_come_when_they_are_asked_for(story):
    assert "histories" not in story(**SECRET)[1]["a"]
    assert len(story(histories=True, **SECRET)[1]["a"]["histories"]) == 6


def test_every_reading_is_told_for_its_sign(client, case):
    answer = client.post("/api/runs", json={"runs": 2, "readings": ["default"]})
    found = [json.loads(line) for line in answer.text.splitlines()]
    told = {m["reading"] for m in found if m["kind"] in ("story", "other")}
    left_out = case.decisions["2012"].left_out
    assert told == {r for r in case.readings if r not in left_out and not case.readings[r].needs_refit}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"a": {"arm": "nobody"}}, 400),
        ({"decision": "1066"}, 400),
        ({"outcome": "luck"}, 400),
        ({"readings": ["mine"]}, 400),
        ({"b": {"arm": "no_truce", "sets": {"contact": 7}}}, 400),
        ({"b": {"arm": "no_truce", "start": "1999-01-01"}}, 400),
        ({"b": {"arm": "no_truce", "colour": "red"}}, 422),
        ({"runs": 4000}, 422),
        ({"runs": -1}, 422),
        ({"a": {"arm": "../../etc/passwd"}}, 422),
        ({"b": {"arm": "no_truce", "sets": {"contact": "much"}}}, 422),
        ({"readings": ["default"] * 40}, 422),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_form(client, body, status):
    answer = client.post("/api/runs", json=body)
    assert answer.status_code == status
    problem = answer.json()["problems"][0]
    assert problem["code"].startswith("E")
    assert problem["message"]
    assert problem["es"]["message"] not in ("", problem["message"]), "an error is told in both languages"
    assert "Traceback" not in answer.text
    assert not re.search(r"/(work|home|tmp)/", answer.text)


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff\xfe", b'{"runs": NaN}', b'{"a": ' + b"[" * 20000])
def test_bodies_that_are_no_request_are_refused(client, body):
    answer = client.post("/api/runs", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 413, 422)
    assert answer.json()["problems"]


def test_a_body_that_is_too_large_is_not_read(client):
    answer = client.post("/api/runs", content=b"x" * 70_000, headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_a_body_in_pieces_is_counted_too(client):
    def pieces():
        for _ in range(100):
            yield b"x" * 1000

    answer = client.post("/api/runs", content=pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_nothing_stands_where_nothing_stands(client):
    for path in (
        "/api/nothing",
        "/static/../server.py",
        "/static/%2e%2e%2fserver.py",
        "/etc/passwd",
        "/static/index.html",
    ):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.json()["problems"][0]["code"] == "E87"
    assert client.put("/api/case").status_code == 405


def test_every_answer_carries_the_headers_of_the_door(client):
    for path in ("/", "/why", "/api/case", "/static/app.js", "/api/nothing", "/openapi.json"):
        headers = client.get(path).headers
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_description_names_every_address(client):
    found = client.get("/openapi.json").json()
    asked = set(re.findall(r"[\"'`](/api/[a-z]+)", "".join(
        client.get(f"/static/{name}").text for name in ("app.js", "state.js", "explore.js", "views.js"))))  # fmt: skip
    described = {"/".join(path.split("/")[:3]) for path in found["paths"]}
    assert len(asked) > 8
    assert asked <= described
    for path, methods in found["paths"].items():
        for method, told in methods.items():
            assert told["summary"], (path, method)
            assert "ErrorOut" in json.dumps(told["responses"]), (path, method)


def test_the_case_names_its_levers_responses_and_counts(client, case):
    found = client.get("/api/case").json()
    assert [one["id"] for one in found["levers"]]
    grouped = [name for group in found["groups"] for name in group["levers"]]
    assert sorted(grouped) == sorted(one["id"] for one in found["levers"])
    assert {one["id"] for one in found["decisions"]} == set(case.decisions)
    assert found["observations"]
    for one in found["levers"]:
        assert one["label"]["en"]
        assert one["label"]["es"]
        assert one["evidence"][0] <= one["evidence"][1] <= one["upper"]
        assert one["slider"] <= one["upper"]


def test_an_answer_that_has_not_changed_is_not_sent_again(client):
    mark = client.get("/api/case").headers["etag"]
    assert client.get("/api/case", headers={"if-none-match": mark}).status_code == 304


def test_a_card_has_six_stops_and_the_command(client):
    for lang in ("en", "es"):
        text = client.post("/api/card", json={"outcome": "homicides", "runs": 6, "lang": lang, **SECRET}).text
        assert re.findall(r'data-stop="(\w+)"', text) == ["number", "effect", "series", "claims", "mechanism", "runs"]
        assert "tregua compare --plan" in text
        assert re.search(r"claim-C\d+-" + lang, text)


def test_the_table_holds_deaths_and_rights_and_the_notice(client):
    text = client.post("/api/table", json={"runs": 4, "readings": ["default"], **SECRET}).text
    head, body = text.split("part,", 1)
    assert "not a forecast" in head
    assert "no un pronóstico" in head
    rows = [line.split(",") for line in ("part," + body).strip().splitlines()]
    columns = rows[0]
    assert {len(row) for row in rows} == {len(columns)}
    assert {row[columns.index("scenario")] for row in rows[1:]} == {"A", "B", "B-A"}
    assert {"homicides", "deaths_by_state", "arrests_wrongful"} <= {row[columns.index("outcome")] for row in rows}


def test_the_plan_is_read_by_the_command_line(client, tmp_path):
    from tregua.explore.plan import load_plan

    body = {
        "runs": 24,
        "readings": ["default"],
        "a": {"arm": "no_truce"},
        "b": {"arm": "open_truce", "sets": {"arrests": 2}},
    }
    text = client.post("/api/plan", json=body).text
    assert tomllib.loads(text)["arm"][0]["sets"] == {"arrests": 2.0}
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    found = load_plan(path)
    assert found.own_arms[0].like == "open_truce"
    assert found.seed == 20120308


def test_a_window_says_that_a_plan_cannot_hold_it(client):
    body = {"a": {"arm": "no_truce"}, "b": {"arm": "open_truce", "start": "2012-06-01"}}
    assert "# B: a plan has no window" in client.post("/api/plan", json=body).text


@pytest.mark.parametrize("lang", ["en", "es"])
def test_pages_of_results_say_in_their_place_what_does_not_exist(client, lang):
    for page in ("compare", "effect", "check"):
        text = client.get(f"/api/pages/{page}", params={"lang": lang}).text
        assert "tregua " in text, page
    assert "C09" in client.get("/api/pages/ledger", params={"lang": lang}).text
    assert client.get("/api/pages/secrets").status_code == 400


def test_the_box_of_a_claim_has_asserter_status_and_reply(client):
    text = client.get("/api/cards/claim-C09-en").text
    assert "chip status" in text
    assert "reply" in text
    assert re.findall(r'data-stop="(\w+)"', text)[0] == "number"
    assert client.get("/api/cards/claim-C999-en").status_code == 400


def test_an_anchor_is_found_on_its_page(client):
    assert client.get("/api/anchors/mechanism-contest-en").json() == {"page": "about"}
    assert client.get("/api/anchors/nowhere-en").json() == {"page": ""}


def test_flows_of_a_week_are_whole_people_and_add_up(client):
    body = {"scenario": {"arm": "open_truce"}, "start": "2013-04-08", "runs": 4, "moves": 2}
    found = client.post("/api/flows", json=body).json()
    assert found["weeks"] == 1
    assert found["start"] <= "2013-04-08" <= found["end"]
    channels = sum(one["q50"] for one in found["deaths"]["channels"])
    assert channels > 0
    assert found["deaths"]["all"]["q05"] <= found["deaths"]["all"]["q95"]
    assert {one["id"] for one in found["drives"]} == {
        "capital_bonding",
        "capital_political",
        "capital_criminal",
        "command",
    }
    early = client.post("/api/flows", json={**body, "start": "2010-05-01"}).json()
    assert early["record"]
    assert client.post("/api/flows", json={**body, "start": "2031-05-01"}).status_code == 400


@pytest.mark.parametrize("path", ["table", "card", "plan", "flows"])
def test_more_runs_than_this_server_makes_are_as_many_as_it_makes(client, path):
    most = {"table": 400, "card": 400, "plan": 400, "flows": 200}[path]
    body = {"runs": most, **({"start": "2012-06-01"} if path == "flows" else {})}
    body |= {"readings": ["default"]} if path in ("table", "plan") else {}
    answer = client.post(f"/api/{path}", json=body)
    assert answer.status_code == 200, answer.text[:300]


def given(client, path):
    """What a page came with."""
    text = client.get(path).text
    data = text.partition('<script type="application/json" id="given">')[2]
    return json.loads(data.partition("</script>")[0]), text


def test_a_page_comes_with_the_first_stories_where_they_are_known(client, served):
    query = "/?a=no_truce&b=secret_truce&b.contact=0.31"
    found, _ = given(client, query)
    assert found["first"] is None, "nobody has run it: a page never waits for runs"
    assert found["link"]["b"]["sets"] == {"contact": 0.31}
    body = {"a": {"arm": "no_truce"}, "b": {"arm": "secret_truce", "sets": {"contact": 0.31}}, "others": False}
    lines = client.post("/api/runs", json={**body, "runs": served.kitchen.laboratory.stages[0]}).text.splitlines()
    stories = [told for told in map(json.loads, lines) if told["kind"] == "story"]
    first = given(client, query)[0]["first"]
    assert len(first["stories"]) == 3
    for here, there in zip(first["stories"], stories, strict=True):
        assert {**here, "ms": 0} == {**there, "ms": 0}
    assert first["levers"] == json.loads(lines[0])["levers"]
    assert "first" not in given(client, "/why")[0]


def test_nothing_in_an_address_ends_the_data_of_its_page(client):
    found, text = given(client, "/?b=</script><script>alert(1)</script>%E2%80%A8")
    assert any("script" in note["en"] for note in found["link"]["notes"])
    assert "alert(1)<" not in text
    assert text.count("<script") == 2


def test_what_the_page_needs_is_named_by_its_content_and_kept(client):
    text = client.get("/").text
    named = set(re.findall(r'"(/static/[0-9a-f]{16}/[a-z.0-9]+)"', text))
    assert {path.rpartition("/")[2] for path in named} >= {"app.js", "state.js", "all.css", "face.woff2"}
    for path in named:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert not re.search(rb'["(]/static/[a-z]+\.', answer.content), "a file that is kept names one that is not"
    other = re.sub(r"/static/[0-9a-f]{16}/", f"/static/{'0' * 16}/", sorted(named)[0])
    assert client.get(other).status_code == 404


def test_texts_name_the_response_compared_with_as_the_case_calls_it(client):
    from tregua.app.weighing import REFERENCE

    words, view = client.get("/api/words").json(), client.get("/api/case").json()
    for lang, plain in (("en", "no truce"), ("es", "tregua")):
        own = {key: text for key, text in words[lang].items() if key.startswith(("app.weigh", "app.shop.set.caption"))}
        assert [key for key, text in own.items() if plain in text.lower()] == []
        assert "{reference}" in own["app.weigh.bounds"]
    assert view["reference"] == REFERENCE
    assert all(REFERENCE in [arm["id"] for arm in point["arms"]] for point in view["decisions"])
    assert view["counters"]["police"] == {"en": "PNC", "es": "PNC"}
