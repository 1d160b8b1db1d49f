"""The operations, one file each; importing the package registers them all."""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    if _module.name != "tests":
        importlib.import_module(f"{__name__}.{_module.name}")
