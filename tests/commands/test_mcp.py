import sys

from small_company import run


def test_without_its_extra_the_verb_says_what_to_install(monkeypatch):
    monkeypatch.delitem(sys.modules, "serving.mcp_server.server", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == "mcp"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp", None)
    outcome = run("mcp")
    assert outcome.status == 1
    assert "pip install 'purvey[mcp]'" in outcome.text
