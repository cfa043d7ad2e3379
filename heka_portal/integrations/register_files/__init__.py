"""The landlord's register as it arrives: a folder or a zip of CSV files.

`open_register` opens it; `RegisterFiles.rows` streams the checked rows of one file as immutable records and reports
what is wrong, with file, line, column and value. What an identity code or a reference number is, the caller tells by
`FieldRules`. The format itself is described in `docs/register.md`.
"""

from heka_portal.integrations.register_files.archive import SourceRefused
from heka_portal.integrations.register_files.fields import FieldRules
from heka_portal.integrations.register_files.findings import Finding
from heka_portal.integrations.register_files.reader import RegisterFiles, open_register

__all__ = ["FieldRules", "Finding", "RegisterFiles", "SourceRefused", "open_register"]
