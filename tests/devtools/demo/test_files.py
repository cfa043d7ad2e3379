from typing import Any

from devtools.demo.commands import demo
from devtools.demo.register import DemoRegister
from heka_portal import clock
from heka_portal.cli.register import field_rules
from heka_portal.integrations.register_files import open_register


def test_what_is_written_reads_as_it_was_drawn(app, tmp_path):
    result = app.test_cli_runner().invoke(demo, ["write", str(tmp_path), "--apartments", "60", "--months", "2"])
    assert result.exit_code == 0, result.output
    with app.app_context():
        drawn = DemoRegister(60, today=clock.today(), months=2)
        written = open_register(tmp_path, field_rules())
        found: list[Any] = []
        assert set(written.tables) == set(drawn.tables)
        for table in drawn.tables:
            assert list(written.rows(table, found.append)) == list(drawn.rows(table, found.append))
    assert found == []
