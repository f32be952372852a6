"""What the kernels play is what the Keras network computes."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.fitting.checkpoint import weights_of  # noqa: E402
from creative_gen.fitting.finished import ExportFailed  # noqa: E402
from creative_gen.media.mu_law import de_emphasis, values_of  # noqa: E402
from creative_gen.models.wavenet.conditioning import Tone, features  # noqa: E402
from creative_gen.models.wavenet.config import WaveNetConfig  # noqa: E402
from creative_gen.models.wavenet.export import asset_weights  # noqa: E402
from creative_gen.models.wavenet.network import WaveNet  # noqa: E402
from creative_gen.models.wavenet.partials import (  # noqa: E402
    phase_inputs,
    start_turns,
    tone_turns,
)
from creative_gen.models.wavenet.player import Player  # noqa: E402
from creative_gen.store.asset import Asset  # noqa: E402
from tests.toy_sounds import TOY_DRUMS, TOY_NOTES, toy_sound_weights, write_toy_sounds  # noqa: E402

FRAMES = 60
"""Of 80 samples: 4,800."""
SIZES = {"stacks": 2, "layers": 8, "residual_channels": 16, "skip_channels": 24, "head_units": 20}
CONFIGS = {
    "logistics": WaveNetConfig.model_validate(TOY_NOTES.model_dump() | SIZES),
    "mu_law": WaveNetConfig.model_validate(TOY_DRUMS.model_dump() | SIZES),
}
TONES = {
    "logistics": Tone(1, 45.0, 90, 2400, ((1000, 0.5),)),
    "mu_law": Tone(1, None, 90, 2400),
}


@pytest.fixture(params=CONFIGS)
def head(request):
    return request.param


def random_network(head):
    """A network with weights as large as trained ones."""
    model = WaveNet(CONFIGS[head])
    model.build()
    random = np.random.default_rng(0)
    for variable in model.trainable_variables:
        fan_in = variable.shape[-2] if len(variable.shape) > 1 else 4
        values = random.normal(0, 0.9 / np.sqrt(fan_in), variable.shape)
        variable.assign(values.astype("f"))
    return model


def player_of(model, root, **options):
    envelopes = {
        name: array
        for name, array in toy_sound_weights(model.config).items()
        if name.startswith(("gain/", "partials/", "filter/"))
    }
    weights = asset_weights(model, envelopes)
    return Player(Asset(write_toy_sounds(root, "toy", model.config, weights)), **options)


def residual_of(head):
    """A sound (1, T) that the kernel's own codes tell exactly: 16 bits, or middles of levels."""
    random = np.random.default_rng(1)
    count = FRAMES * 80
    if head == "mu_law":
        levels = np.clip(np.rint(random.normal(128, 30, count)), 0, 255)
        return de_emphasis(values_of(levels), 0.85)[None].astype("f")
    walk = np.cumsum(random.normal(0, 0.02, count))
    return (np.rint(np.sin(walk) * 0.9 * 32768) / 32768)[None].astype("f")


def batch_of(head):
    """What Keras is given: made by the player's own code but for the features' network."""
    config, tone, count = CONFIGS[head], TONES[head], FRAMES * 80
    phases = np.zeros((count, 0), "f")
    if config.partials:
        phases = phase_inputs(config, tone_turns(config, tone, 0, count, start_turns(config)))
    return {
        "residual": residual_of(head),
        "phases": phases[None],
        "features": features(config, tone, 0, FRAMES)[None],
        "level": np.ones(1, "f"),
        "noise": np.zeros(1, "f"),
    }


def played(player, batch, head):
    biases = player.biases(TONES[head], 0, FRAMES)
    state = player.sampler.start(np.zeros(1, np.int64))
    return player.sampler.logits(state, batch["residual"], biases[None], batch["phases"])


def test_the_kernel_gives_what_keras_gives(head, tmp_path):
    model, batch = random_network(head), batch_of(head)
    expected = np.asarray(model(batch))
    assert expected.shape[1] >= 4000 and expected.std() > 0.3
    found = played(player_of(model, tmp_path), batch, head)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_bfloat16_is_near_enough(head, tmp_path):
    model, batch = random_network(head), batch_of(head)
    expected = np.asarray(model(batch))
    found = played(player_of(model, tmp_path, precision="bfloat16"), batch, head)
    assert not np.allclose(found, expected, atol=1e-4)
    np.testing.assert_allclose(found, expected, atol=0.1)


SCRIPT = """
import sys
import numpy as np
from creative_gen.fitting.checkpoint import load_weights
from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.network import WaveNet
config, weights, inputs, outputs = sys.argv[1:]
model = WaveNet(WaveNetConfig.model_validate_json(config))
model.build()
with np.load(weights) as arrays:
    load_weights(model, arrays)
with np.load(inputs) as given:
    np.savez(outputs, outputs=np.asarray(model(dict(given))))
"""


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_the_kernel_gives_what_either_backend_gives(backend, head, tmp_path):
    if find_spec(backend) is None:
        pytest.skip(f"needs {backend}")
    model, batch = random_network(head), batch_of(head)
    found = played(player_of(model, tmp_path), batch, head)
    np.savez(tmp_path / "weights.npz", **weights_of(model))
    np.savez(tmp_path / "inputs.npz", **batch)
    paths = [tmp_path / f"{name}.npz" for name in ("weights", "inputs", "outputs")]
    subprocess.run(
        [sys.executable, "-c", SCRIPT, CONFIGS[head].model_dump_json(), *map(str, paths)],
        check=True,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"KERAS_BACKEND": backend},
        timeout=600,
    )
    with np.load(paths[-1]) as arrays:
        np.testing.assert_allclose(found, arrays["outputs"], atol=1e-4)


def test_a_weight_that_is_no_number_is_refused():
    model = random_network("logistics")
    model.gated[3].skip.assign(np.full((16, 24), np.nan, "f"))
    with pytest.raises(ExportFailed, match="'layers/skip'"):
        asset_weights(model, {})
    with pytest.raises(ExportFailed, match="'gain/values/bias'"):
        asset_weights(random_network("mu_law"), {"gain/values/bias": np.array([np.inf])})
