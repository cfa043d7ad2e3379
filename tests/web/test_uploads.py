from flask import Flask, redirect


def test_the_script_is_told_where_to_go_and_browsers_are_redirected(small: Flask):
    small.add_url_rule("/send", "send", lambda: redirect("/page", code=303), methods=["POST"])
    client = small.test_client()
    plain = client.post("/send")
    assert (plain.status_code, plain.headers["Location"]) == (303, "/page")
    script = client.post("/send", headers={"X-Portal-Upload": "1"})
    assert script.status_code == 204
    assert script.headers["X-Portal-Location"] == "/page"
    assert "Location" not in script.headers


def test_a_refused_form_reaches_the_script_as_it_is(small: Flask):
    small.add_url_rule("/refuse", "refuse", lambda: ("mend this", 422), methods=["POST"])
    answer = small.test_client().post("/refuse", headers={"X-Portal-Upload": "1"})
    assert (answer.status_code, answer.text) == (422, "mend this")
