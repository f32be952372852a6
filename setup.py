"""Packaging of creative_gen: `pip install .` or, to work on it, `pip install -e '.[dev]'`."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree, ignore_patterns

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent

BUNDLED = {"assets": "_assets", "plugins": "_plugins"}
"""Folders of the repository, and their names inside the package of a wheel."""

TRAIN = [
    "keras>=3.10",
    "librosa>=0.11",
    "onnx>=1.17",
    "resvg_py>=0.5",
    "scikit-image>=0.25",
    "scikit-learn>=1.6",
    "scipy>=1.14.1",
    "tensorflow>=2.20",
]
JAX = ["jax>=0.4.38"]
OPENVINO = ["openvino>=2025.0"]
CLUSTER = ["ray>=2.35"]
CHECK = [
    "defusedxml>=0.7.1",  # Pillow reads XMP with it
    "httpx>=0.28",
    "hypothesis>=6.100",
    "import-linter>=2.1",
    "matplotlib>=3.9",  # benchmarks draw with it
    "mypy>=2.4",
    "playwright>=1.50",
    "pytest>=8.3",
    "pytest-xdist>=3.6.1",
    "ruff>=0.17",
    "schemathesis>=4.0",
    "setuptools>=77",
]


class BuildWithFolders(build_py):
    """Copies `assets/` and `plugins/` into the package that goes into a wheel.

    Their folders have names such as `sketch-cats` and no `__init__.py`, so they are not
    packages. An editable install copies nothing: the code finds the repository's folders.
    """

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for folder, name in BUNDLED.items():
            if (ROOT / folder).is_dir():
                copytree(
                    ROOT / folder,
                    Path(self.build_lib, "creative_gen", name),
                    ignore=ignore_patterns("__pycache__", ".*"),
                    dirs_exist_ok=True,
                )


def version() -> str:
    """The version that the package gives, read without importing it."""
    source = (ROOT / "creative_gen" / "__init__.py").read_text(encoding="utf-8")
    return re.findall(r'^__version__ = "(.+)"$', source, re.MULTILINE)[0]


def long_description() -> str:
    """The README, where there is one beside this file."""
    readme = ROOT / "README.md"
    return readme.read_text(encoding="utf-8") if readme.is_file() else ""


setup(
    name="creative_gen",
    version=version(),
    description="Generative models inside the tools that artists already use",
    long_description=long_description(),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Intended Audience :: End Users/Desktop",
        "Intended Audience :: Science/Research",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.11",
        "Topic :: Artistic Software",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
        "Typing :: Typed",
    ],
    packages=find_packages(include=["creative_gen", "creative_gen.*"]),
    # Naming the root makes an editable install one line in a .pth file. The import hook that
    # setuptools would use instead is loaded at every start of Python.
    package_dir={"": "."},
    package_data={"": ["README.md", "py.typed", "recipes/*.toml"]},
    python_requires=">=3.11",
    install_requires=[
        "annotated-types>=0.6",
        "audioop-lts>=0.2; python_version >= '3.13'",  # note-seq, through pydub
        "click>=8.1.7",
        "fastapi>=0.115",
        "h11>=0.14",
        "llvmlite>=0.44",
        "mido>=1.3",
        "note-seq>=0.0.5",
        "numba>=0.61.2",
        "numpy>=2.2",
        "onnxruntime>=1.20",
        "pillow>=11.3",
        "pluggy>=1.5",
        "pretty_midi>=0.2.11",  # note-seq takes older ones, which need setuptools to run
        "pydantic>=2.8",
        "pyvips>=3.0",  # 16-bit colours, which Pillow has not
        "pyvips-binary>=8.17",
        "rich>=13.7",
        "safetensors>=0.4.4",
        "soundfile>=0.13",
        "soxr>=0.5",
        "svgelements>=1.9.6",
        "starlette>=0.40",
        "tomli-w>=1.1",
        "uvicorn>=0.30",
    ],
    extras_require={
        "train": TRAIN,
        "jax": JAX,
        "openvino": OPENVINO,
        "cluster": CLUSTER,
        "dev": TRAIN + JAX + CHECK,
    },
    entry_points={"console_scripts": ["creative-gen = creative_gen.cli.main:main"]},
    cmdclass={"build_py": BuildWithFolders},
)
