# `make` alone lists what there is. Everything is installed into $(VENV) and $(DEV), in this folder.

PYTHON ?= python3
# Not taken from the environment, because these folders are deleted and made again.
VENV := .venv
DEV := .venv-dev
# Which tests `make test` runs, a pytest marker expression: "not slow", slow, or "slow or not slow".
SUITE := not slow

# The benchmarks that need no data; the others measure what is learnt, and take minutes.
SPEEDS := cold_start sketch_sampler wavenet_sampler wavenet_bfloat16 render_memory \
	image_upscaler image_colorizer latent_speed

PIP_INSTALL = bin/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
# What the plugins are tested in, with Debian's names; fluidsynth makes training data.
TOOLS := krita python3-pyqt5 python3-sip inkscape python3-lxml python3-numpy python3-cssselect \
	blender gimp chromium xvfb xauth fluidsynth fluid-soundfont-gm

.PHONY: help demo test test-tools check format bench pictures tools clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/installed ## Finish a sketch nine ways, play a melody, colour a drawing, and say where they are
	@$(VENV)/bin/creative-gen sketch complete examples/half-a-cat.svg --category cat --count 9 --seed 1 -o demo/
	@$(VENV)/bin/creative-gen audio render examples/melody.mid --instrument marimba --seed 1 -o demo/melody.wav
	@$(VENV)/bin/creative-gen image colorize examples/lineart.png --hints examples/hints.png --seed 1 \
		-o demo/fish.png

test: $(DEV)/installed ## Run the tests; SUITE=slow runs those that train or build
	@$(DEV)/bin/python -m pytest -n auto -m "($(SUITE)) and not tool"

test-tools: $(DEV)/installed ## Run the tests that drive Krita, Inkscape, Blender, GIMP and Chromium
	@$(DEV)/bin/python -m pytest -n auto --dist loadfile -m tool

check: $(DEV)/installed ## Check formatting, lint, types and who imports whom
	$(DEV)/bin/ruff format --check .
	$(DEV)/bin/ruff check .
	$(DEV)/bin/mypy
	$(DEV)/bin/lint-imports --no-logo

format: $(DEV)/installed ## Format the code and sort its imports
	$(DEV)/bin/ruff check --fix .
	$(DEV)/bin/ruff format .

bench: $(DEV)/installed ## Measure the speeds that the README gives
	@set -e; for name in $(SPEEDS); do $(DEV)/bin/python benchmarks/$$name.py; done

pictures: $(VENV)/installed ## Make the README's pictures and the assets' samples again
	@set -e; cd examples; bin="$(abspath $(VENV))/bin"; run="$$bin/creative-gen"; out=$$(mktemp -d); \
	$$run sketch complete half-a-cat.svg --category cat --count 9 --seed 1 -o $$out; \
	$$run sketch interpolate face.svg pig.svg --steps 8 --seed 1 -o $$out; \
	$$run sketch generate --count 36 --seed 0 -o $$out; \
	cp $$out/half-a-cat-sheet.png ../docs/images/complete-cat.png; \
	cp $$out/face-sheet.png ../docs/images/interpolate.png; \
	cp $$out/sketch-sheet.png ../docs/images/generate.png; \
	sound="--bits 16 --picture -o $$out"; \
	$$run audio render melody.mid --instrument marimba --seed 1 $$sound/melody.flac; \
	$$run audio generate --kind snare --count 8 --seed 3 $$sound --format flac; \
	$$run audio continue hit.wav --seconds 1.5 --seed 1 $$sound/tail.flac; \
	$$bin/python beat.py $$out/beat.flac; \
	cp $$out/melody.png ../docs/images/sound-render.png; \
	cp $$out/snare-1.png ../docs/images/sound-generate.png; \
	cp $$out/tail.png ../docs/images/sound-continue.png; \
	cp $$out/melody.flac ../assets/notes/sample.flac; \
	cp $$out/tail.flac ../assets/drums/sample-continued.flac; \
	cp $$out/beat.flac ../assets/drums/sample.flac; \
	$$run image colorize lineart.png --count 3 --seed 1 -o $$out; \
	$$run image colorize lineart.png --hints hints.png --seed 1 -o $$out/hinted.png; \
	$$run image colorize grey.png --count 3 --seed 1 -o $$out; \
	$$run image upscale tile.png --scale 4 -o $$out/tile.png; \
	$$run image upscale clip.png --scale 4 -o $$out/clip.png; \
	$$run image upscale clip.png --scale 4 --kind fast -o $$out/fast.png; \
	$$run image upscale grey.png --scale 2 -o $$out/larger.png; \
	row="$$bin/python before_after.py"; images=../docs/images; \
	$$row $$images/colorize-lineart.png lineart.png $$out/lineart-[123].png; \
	$$row $$images/colorize-hints.png lineart.png+hints.png $$out/hinted.png; \
	$$row $$images/colorize-tones.png grey.png $$out/grey-[123].png; \
	$$row $$images/upscale-tile.png tile.png $$out/tile.png; \
	$$row $$images/upscale-clip.png clip.png $$out/clip.png; \
	$$run image generate --asset tiles --count 64 --seed 5 --scale 1 -o $$out/page; \
	$$run image generate --asset doodles --count 36 --seed 7 --scale 4 -o $$out/page; \
	$$run image interpolate cat.png apple.png --asset doodles --steps 9 --scale 5 -o $$out/page; \
	$$run image edit face.png --asset faces --direction smile --scale 2 -o $$out/page; \
	$$run image map cat.png --asset doodles --side 1000 -o $$out/map.png; \
	$$run image generate --asset clipart --count 36 --seed 1 --scale 1 -o $$out/page; \
	$$run image generate --asset faces --count 16 --seed 1 --scale 2 -o $$out/page; \
	cp $$out/page/tiles-sheet.png $$images/generate-tiles.png; \
	cp $$out/page/doodles-sheet.png $$images/generate-doodles.png; \
	cp $$out/page/clipart-sheet.png $$images/generate-clipart.png; \
	cp $$out/page/cat-sheet.png $$images/walk.png; \
	cp $$out/page/face-sheet.png $$images/smile.png; \
	cp $$out/map.png $$images/map.png; \
	for name in tiles doodles faces clipart; do \
		cp $$out/page/$$name-sheet.png ../assets/$$name/sample.png; done; \
	cp $$out/hinted.png ../assets/colors/sample.png; \
	cp $$out/clip.png ../assets/artwork/sample.png; \
	cp $$out/fast.png ../assets/swift/sample.png; \
	cp $$out/larger.png ../assets/photos/sample.png; rm -r $$out

tools: ## Install the tools that the plugins are tested in, and FluidSynth, with apt (needs root)
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends $(TOOLS)

clean: ## Delete everything that these commands made
	rm -rf $(VENV) $(DEV) demo build dist *.egg-info .hypothesis .*_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment is whole when its file `installed` is there; a new setup.py makes a new one.
define make_environment
@$(PYTHON) -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "$(PYTHON) is not Python 3.11 or newer with the venv module:" \
		"apt install python3-venv, or name another with make PYTHON=..." >&2; exit 1; }
@if [ -e $(@D)/pyvenv.cfg ]; then rm -rf $(@D); fi
@$(PYTHON) -m venv $(@D)
endef

$(VENV)/installed: setup.py
	$(make_environment)
	@echo "Setting up $(VENV), once: about 90 Python packages, 920 MB, in a minute or two."
	@$(VENV)/$(PIP_INSTALL) -e .
	@touch $@

$(DEV)/installed: setup.py
	$(make_environment)
	@echo "Setting up $(DEV), once: TensorFlow and what the tests need, 3 GB, in a few minutes."
	@$(DEV)/$(PIP_INSTALL) -e '.[dev]'
	@touch $@
