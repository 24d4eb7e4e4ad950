"""How Sphinx makes the site. Run by `make docs`; nothing is fetched, warnings are errors."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # docs/making

import supplyroutes

project = "supplyroutes"
author = copyright = "The supplyroutes maintainers"  # noqa: A001  the name that Sphinx reads
release = version = supplyroutes.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc", "making"]
root_doc = "index"
source_suffix = {".md": "markdown"}
exclude_patterns = ["gallery/*", "making/*"]

html_theme = "furo"
html_title = f"supplyroutes {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_math_renderer = "mathml"

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

# Names in single backticks lead to what they name, where that has an entry.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
numpydoc_show_class_members = False
autosummary_generate = False

nitpicky = True
# Not every word in backticks has an entry; types of others have sites of their own, not asked here.
nitpick_ignore_regex = [("py:obj", r".*"), ("py:class", r"(?!supplyroutes\.).*")]
