import subprocess
import sys

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.special import expit, log_softmax, logsumexp
from scipy.stats import chisquare

from creative_gen.kernels import wavenet_sampler
from creative_gen.kernels.wavenet_numpy import NumpyStepper
from creative_gen.kernels.wavenet_sampler import WaveNetSampler
from creative_gen.kernels.wavenet_state import WaveNetState

DILATIONS = (1, 2, 4, 8, 16, 1, 3)
HEADS = ["mu_law", "logistics"]
FRAME = 10


def random_weights(head, channels=8, phases=4, seed=0):
    """A network of odd widths; its logistics are a few hundred steps of 16 bits wide."""
    random = np.random.default_rng(seed)
    layers, skip, units = len(DILATIONS), 20, 12
    outputs = 256 if head == "mu_law" else 9
    shapes = {
        "input/kernel": (2 + phases, channels),
        "input/bias": (channels,),
        "layers/kernel": (layers, 2 * channels, 2 * channels),
        "layers/residual": (layers, channels, channels),
        "layers/residual_bias": (layers, channels),
        "layers/skip": (layers, channels, skip),
        "skip/bias": (skip,),
        "head/kernel": (skip, units),
        "head/bias": (units,),
        "output/kernel": (units, outputs),
        "output/bias": (outputs,),
    }
    weights = {
        name: (random.normal(size=shape) * 0.8 / np.sqrt(channels)).astype(np.float32)
        for name, shape in shapes.items()
    }
    if head == "logistics":
        weights["output/kernel"][:, 3:] *= 0.2
        weights["output/bias"][6:] = (-3.0, -2.0, -4.0)
    return weights


def random_conditions(count, length, channels=8, phases=4, seed=1):
    random = np.random.default_rng(seed)
    frames = -(-length // FRAME) + 1
    layers = len(DILATIONS)
    biases = random.normal(0.0, 0.3, (count, frames, layers, 2 * channels)).astype(np.float32)
    waves = random.uniform(-1, 1, (count, length, phases)).astype(np.float32)
    return {"biases": biases, "phases": waves}


def make_sampler(weights, head, backend="auto", **options):
    options = {"pre_emphasis": 0.85, "frame_samples": FRAME, "threads": 1} | options
    return WaveNetSampler(weights, DILATIONS, head, backend=backend, **options)


def part(told, start, stop):
    """The conditions of some steps, for streams that have read or generated `start` of them."""
    frames = slice(start // FRAME, None)
    return {"biases": told["biases"][:, frames], "phases": told["phases"][:, start:stop]}


def compand(x):
    return np.sign(x) * np.log1p(255 * np.abs(x)) / np.log(256)


def reference_samples(sound, head, a=0.85):
    """Model-domain samples (T,) as the network hears them, and their codes."""
    u = lfilter([1.0, -a], [1.0], np.asarray(sound, np.float64))
    if head == "logistics":
        codes = np.clip(np.round(u * 32768), -32768, 32767) + 32768
        return (codes - 32768) / 32768, codes.astype(int)
    codes = np.clip(np.floor((compand(u) + 1) * 128), 0, 255)
    centre = (2 * codes + 1) / 256 - 1
    return np.sign(centre) * (256 ** np.abs(centre) - 1) / 255, codes.astype(int)


def delayed(rows, steps):
    return np.concatenate([np.zeros((steps, *rows.shape[1:])), rows])[: len(rows)]


def reference_outputs(weights, x, told, row=0):
    """Outputs (T, O) in float64, layer by layer over the whole sound, as the paper has it."""
    w = {name: array.astype(np.float64) for name, array in weights.items()}
    frames = np.arange(len(x)) // FRAME
    channels = len(w["input/bias"])
    last = np.stack([compand(delayed(x, 1)), compand(delayed(x, 2))], axis=1)
    inputs = np.concatenate([last, told["phases"][row]], axis=1)
    h = inputs @ w["input/kernel"] + w["input/bias"]
    total = w["skip/bias"]
    for layer, dilation in enumerate(DILATIONS):
        kernel = w["layers/kernel"][layer]
        z = delayed(h, dilation) @ kernel[:channels] + h @ kernel[channels:]
        z = z + told["biases"][row][frames, layer]
        g = np.tanh(z[:, :channels]) * expit(z[:, channels:])
        total = total + g @ w["layers/skip"][layer]
        h = h + g @ w["layers/residual"][layer] + w["layers/residual_bias"][layer]
    head = np.maximum(np.maximum(total, 0) @ w["head/kernel"] + w["head/bias"], 0)
    return head @ w["output/kernel"] + w["output/bias"]


def reference_likelihoods(outputs, codes, head):
    if head == "mu_law":
        return log_softmax(outputs, axis=1)[np.arange(len(codes)), codes]
    logits, means, log_scales = np.split(outputs, 3, axis=1)
    x, scales = (codes[:, None] - 32768) / 32768, np.exp(np.maximum(log_scales, -9))
    # On the side of the mean where the distribution function is small and its differences exact.
    far = -np.abs(x - means)
    upper, lower = expit((far + 2**-16) / scales), expit((far - 2**-16) / scales)
    return logsumexp(log_softmax(logits, axis=1) + np.log(upper - lower), axis=1)


def a_sound(count, length, seed=2):
    random = np.random.default_rng(seed)
    noise = lfilter([0.02], [1.0, -0.97], random.normal(size=(count, length)))
    return np.clip(noise, -1, 1).astype(np.float32)


@pytest.mark.parametrize("channels", [8, 32])
@pytest.mark.parametrize("head", HEADS)
def test_outputs_and_likelihoods_are_the_float64_networks(backend, head, channels):
    weights, told = random_weights(head, channels), random_conditions(2, 150, channels)
    sampler = make_sampler(weights, head, backend)
    sound = a_sound(2, 150)
    outputs = sampler.logits(sampler.start([1, 2]), sound, **told)
    likelihoods = sampler.read(sampler.start([1, 2]), sound, **told)
    for row in range(2):
        x, codes = reference_samples(sound[row], head)
        expected = reference_outputs(weights, x, told, row)
        np.testing.assert_allclose(outputs[row], expected, atol=2e-5)
        expected_likelihoods = reference_likelihoods(expected, codes, head)
        np.testing.assert_allclose(likelihoods[row], expected_likelihoods, atol=2e-3)


def test_outputs_stay_exact_over_thousands_of_samples():
    pytest.importorskip("numba")
    weights, told = random_weights("mu_law", 32), random_conditions(1, 5000, 32)
    sampler, sound = make_sampler(weights, "mu_law", "numba"), a_sound(1, 5000)
    outputs = sampler.logits(sampler.start([0]), sound, **told)
    x, _ = reference_samples(sound[0], "mu_law")
    np.testing.assert_allclose(outputs[0], reference_outputs(weights, x, told), atol=1e-4)


def test_bfloat16_rounds_the_matrices_alone(backend):
    weights, told = random_weights("mu_law", 32), random_conditions(1, 60, 32)
    sampler, sound = make_sampler(weights, "mu_law", backend, precision="bfloat16"), a_sound(1, 60)
    rounded = {}
    for name, array in weights.items():
        bits = np.frexp(array.astype(np.float64))
        short = np.ldexp(np.rint(bits[0] * 256) / 256, bits[1])
        rounded[name] = array if name.endswith("bias") else short
    outputs = sampler.logits(sampler.start([0]), sound, **told)
    x, _ = reference_samples(sound[0], "mu_law")
    np.testing.assert_allclose(outputs[0], reference_outputs(rounded, x, told), atol=2e-5)
    exact = reference_outputs(weights, x, told)
    assert 1e-4 < np.abs(outputs[0] - exact).max() < 0.1


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("head", HEADS)
def test_a_stream_is_the_same_alone_and_beside_others(backend, head, precision):
    weights, told = random_weights(head), random_conditions(37, 12)
    sampler = make_sampler(weights, head, backend, precision=precision)
    seeds = np.arange(37) * 7919
    state = sampler.start(seeds)
    sound = sampler.generate(state, 12, **told)
    for rows in ([0], [36], [3, 1], [20, 21, 22], list(range(5, 17)), list(range(30, 10, -1))):
        some = sampler.start(seeds[rows])
        some_told = {name: array[rows] for name, array in told.items()}
        assert (sampler.generate(some, 12, **some_told) == sound[rows]).all()
        assert (some.queue == state.queue[rows]).all()


@pytest.mark.parametrize("head", HEADS)
def test_chunks_change_nothing(backend, head):
    told = random_conditions(3, 100)
    sampler = make_sampler(random_weights(head), head, backend)
    for count in (1, 3):
        some = {name: array[:count] for name, array in told.items()}
        whole_state, state = sampler.start(range(count)), sampler.start(range(count))
        whole = sampler.generate(whole_state, 100, **some)
        ends = [0, 1, 2, 10, 27, 27, 60, 100]
        chunks = [
            sampler.generate(state, stop - start, **part(some, start, stop))
            for start, stop in zip(ends[:-1], ends[1:], strict=True)
        ]
        assert (np.concatenate(chunks, axis=1) == whole).all()
        for name in ("queue", "past", "last", "steps"):
            assert (getattr(state, name) == getattr(whole_state, name)).all()


def test_threads_change_nothing(backend):
    weights, told = random_weights("mu_law"), random_conditions(21, 30)
    sounds = []
    for threads in (1, 2, 5):
        sampler = make_sampler(weights, "mu_law", backend, threads=threads)
        state = sampler.start(range(21))
        sounds.append(sampler.generate(state, 30, **told))
        assert (state.steps == 30).all()
    assert (sounds[0] == sounds[1]).all() and (sounds[0] == sounds[2]).all()


@pytest.mark.parametrize("head", HEADS)
def test_reading_what_was_generated_gives_the_same_state(backend, head):
    told = random_conditions(2, 70)
    sampler = make_sampler(random_weights(head), head, backend)
    made, heard = sampler.start([5, 6]), sampler.start([5, 6])
    sound = sampler.generate(made, 70, **told)
    likelihoods = sampler.read(heard, sound, **told)
    assert (heard.queue == made.queue).all() and (heard.past == made.past).all()
    assert (heard.last == sound[:, -1]).all() and (heard.steps == 70).all()
    assert likelihoods.shape == (2, 70) and (likelihoods < 0).all()


def test_it_goes_on_from_a_given_sound(backend):
    told = random_conditions(1, 60)
    sampler = make_sampler(random_weights("mu_law"), "mu_law", backend)
    given = a_sound(1, 35)
    state = sampler.start([3])
    sampler.read(state, given, **part(told, 0, 35))
    after = sampler.generate(state, 25, **part(told, 35, 60))
    x, _ = reference_samples(np.concatenate([given[0], after[0]]), "mu_law")
    outputs = reference_outputs(random_weights("mu_law"), x, told)
    np.testing.assert_allclose(after[0, 0], x[35] + 0.85 * given[0, -1], atol=1e-6)
    again = sampler.start([3])
    both = np.concatenate([given, after], axis=1)
    np.testing.assert_allclose(sampler.logits(again, both, **told)[0], outputs, atol=2e-5)


def test_streams_of_different_ages_play_together(backend):
    told = random_conditions(2, 60)
    sampler = make_sampler(random_weights("mu_law"), "mu_law", backend)
    whole = [sampler.generate(sampler.start([n]), 60, **_row(told, n)) for n in range(2)]
    old, young = sampler.start([0]), sampler.start([1])
    sampler.generate(old, 17, **part(_row(told, 0), 0, 17))
    both = WaveNetState.joined([young, old])
    parts = [part(_row(told, 1), 0, 20), part(_row(told, 0), 17, 37)]
    frames = min(p["biases"].shape[1] for p in parts)
    together = sampler.generate(
        both,
        20,
        np.concatenate([p["biases"][:, :frames] for p in parts]),
        np.concatenate([p["phases"] for p in parts]),
    )
    assert (together[0] == whole[1][0, :20]).all() and (together[1] == whole[0][0, 17:37]).all()


def _row(told, row):
    return {name: array[row : row + 1] for name, array in told.items()}


@pytest.mark.parametrize("count", [1, 2])
def test_guessing_ahead_changes_nothing(monkeypatch, count):
    numba_steps = pytest.importorskip("creative_gen.kernels.wavenet_numba")
    weights, told = random_weights("mu_law", 32), random_conditions(count, 300, 32)
    plain = make_sampler(weights, "mu_law", "numba")
    assert not plain.stepper.may_speculate
    monkeypatch.setattr(numba_steps, "SPECULATIVE_BYTES", 0)
    guessing = make_sampler(weights, "mu_law", "numba")
    assert guessing.stepper.may_speculate
    for temperature in (0.0, 0.7, 1.0):
        expected_state, state = plain.start(range(count)), guessing.start(range(count))
        expected = plain.generate(expected_state, 300, **told, temperature=temperature)
        assert (guessing.generate(state, 300, **told, temperature=temperature) == expected).all()
        assert (state.queue == expected_state.queue).all()
    # A guess that is always wrong costs time, and nothing else.
    wrong = {name: -array for name, array in guessing.stepper.weights.items()}
    guess = numba_steps.NumbaStepper(wrong, DILATIONS, guessing.codes, 0.85, FRAME, "bfloat16")
    guessing.stepper.guess = guess.network
    state = guessing.start(range(count))
    assert (guessing.generate(state, 300, **told, temperature=1.0) == expected).all()


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("head", HEADS)
def test_backends_agree(head, precision):
    pytest.importorskip("numba")
    weights, told = random_weights(head), random_conditions(5, 120)
    results = []
    for backend in ("numpy", "numba"):
        sampler = make_sampler(weights, head, backend, precision=precision)
        state = sampler.start(range(5))
        sound = sampler.generate(state, 120, **told, temperature=0.9)
        likelihoods = sampler.read(sampler.start(range(5)), sound, **told)
        results.append((sound, likelihoods, state.past, state.queue))
    for numpy_result, numba_result in zip(*results, strict=True):
        np.testing.assert_allclose(numpy_result, numba_result, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7])
def test_levels_are_drawn_as_often_as_the_softmax_says(backend, temperature):
    weights = random_weights("mu_law", phases=0)
    weights["output/bias"] *= 5
    sampler, count = make_sampler(weights, "mu_law", backend, pre_emphasis=0.0), 4000
    told = {"biases": np.zeros((count, 1, len(DILATIONS), 16), np.float32)}
    state = sampler.start(np.arange(count))
    sampler.generate(state, 1, **told, temperature=temperature)
    x = {"biases": told["biases"][:1], "phases": np.zeros((1, 1, 0))}
    outputs = reference_outputs(weights, np.zeros(1), x)[0]
    expected = np.exp(log_softmax(outputs / temperature)) * count
    drawn = np.bincount(state.past[:, -1], minlength=256).astype(float)
    rare = expected < 5
    drawn = np.append(drawn[~rare], drawn[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    assert chisquare(drawn, expected).pvalue > 1e-3


@pytest.mark.parametrize("temperature", [0.5, 1.0])
def test_samples_are_drawn_as_the_mixture_says(backend, temperature):
    weights = random_weights("logistics", phases=0)
    sampler, count = make_sampler(weights, "logistics", backend, pre_emphasis=0.0), 4000
    told = {"biases": np.zeros((count, 1, len(DILATIONS), 16), np.float32)}
    sound = sampler.generate(sampler.start(np.arange(count)), 1, **told, temperature=temperature)[
        :, 0
    ]
    x = {"biases": told["biases"][:1], "phases": np.zeros((1, 1, 0))}
    logits, means, log_scales = reference_outputs(weights, np.zeros(1), x)[0].reshape(3, 3)
    shares = np.exp(log_softmax(logits / temperature))
    scales = np.exp(log_scales) * temperature
    edges = np.quantile(sound, np.linspace(0, 1, 21)[1:-1])
    below = expit((edges[:, None] - means) / scales) @ shares
    assert (np.abs(np.arange(1, 20) / 20 - below) < 0.035).all()
    assert (np.round(sound * 32768) == sound * 32768).all()


@pytest.mark.parametrize("head", HEADS)
def test_cold_sounds_are_the_likeliest(backend, head):
    weights, told = random_weights(head), random_conditions(2, 40)
    told = {name: np.repeat(array[:1], 2, axis=0) for name, array in told.items()}
    sampler = make_sampler(weights, head, backend)
    sound = sampler.generate(sampler.start([1, 2]), 40, **told, temperature=0.0)
    assert (sound[0] == sound[1]).all()
    x, codes = reference_samples(sound[0], head)
    outputs = reference_outputs(weights, x, told)
    if head == "mu_law":
        assert (outputs.argmax(axis=1) == codes).all()
    else:
        best = outputs[:, :3].argmax(axis=1)
        np.testing.assert_allclose(x, outputs[np.arange(40), 3 + best], atol=2**-15)


def test_seeds_and_steps_make_sounds_differ(backend):
    told = random_conditions(3, 50)
    sampler = make_sampler(random_weights("mu_law"), "mu_law", backend)
    seeds = np.array([0, -1, 2**40])
    state = sampler.start(seeds)
    sound = sampler.generate(state, 50, **told)
    assert len(np.unique(sound[:, 0])) == 3
    assert (sampler.generate(sampler.start(seeds), 50, **told) == sound).all()
    forks = state.rows([1, 1]).with_seeds(np.array([7, 8]))
    later = {name: array[[1, 1]] for name, array in part(random_conditions(3, 99), 50, 99).items()}
    ends = sampler.generate(forks, 49, **later)
    assert (ends[0] != ends[1]).any() and (state.steps == 50).all()
    with pytest.raises(ValueError, match="need 2 seeds"):
        forks.with_seeds(np.array([7]))


def test_read_only_and_longer_arrays_are_accepted(backend):
    weights, told = random_weights("mu_law"), random_conditions(1, 30)
    for array in (*weights.values(), *told.values()):
        array.flags.writeable = False
    sampler = make_sampler(weights, "mu_law", backend)
    sound = sampler.generate(sampler.start([1]), 30, **told)
    again = sampler.generate(sampler.start([1]), 30, told["biases"][:, :3], told["phases"])
    assert (again == sound).all()


def test_no_streams_and_no_samples(backend):
    sampler = make_sampler(random_weights("mu_law", phases=0), "mu_law", backend)
    shape = (len(DILATIONS), 16)
    assert sampler.generate(sampler.start([]), 5, np.zeros((0, 1, *shape))).shape == (0, 5)
    assert sampler.generate(sampler.start([1]), 0, np.zeros((1, 0, *shape))).shape == (1, 0)
    assert sampler.read(sampler.start([1]), np.zeros((1, 0)), np.zeros((1, 0, *shape))).size == 0


def test_wrong_arguments_are_named():
    weights, told = random_weights("mu_law"), random_conditions(2, 30)
    sampler = make_sampler(weights, "mu_law", "numpy")
    state = sampler.start([1, 2])
    with pytest.raises(ValueError, match="temperature"):
        sampler.generate(state, 30, **told, temperature=-1.0)
    with pytest.raises(ValueError, match="biases are"):
        sampler.generate(state, 50, **told)
    with pytest.raises(ValueError, match="phases are"):
        sampler.generate(state, 30, told["biases"])
    with pytest.raises(ValueError, match="samples are"):
        sampler.read(state, np.zeros((1, 30)), **told)
    with pytest.raises(ValueError, match="not finite"):
        sampler.read(state, np.full((2, 30), np.nan), **told)
    with pytest.raises(ValueError, match="pre-emphasis"):
        make_sampler(weights, "mu_law", pre_emphasis=1.0)
    with pytest.raises(ValueError, match="frame"):
        make_sampler(weights, "mu_law", frame_samples=0)


def test_wrong_weights_are_named():
    weights = random_weights("mu_law")
    for name, changed in (
        ("no weight 'head/bias'", {n: w for n, w in weights.items() if n != "head/bias"}),
        ("'head/bias' is", weights | {"head/bias": np.zeros(5)}),
        ("'layers/kernel' is", weights | {"layers/kernel": np.zeros((7, 16, 15))}),
        ("'layers/skip' is", weights | {"layers/skip": np.float32(1.0)}),
        ("not finite", weights | {"skip/bias": np.full(20, np.inf)}),
        ("two samples", weights | {"input/kernel": np.zeros((1, 8))}),
    ):
        with pytest.raises(ValueError, match=name):
            make_sampler(changed, "mu_law")
    with pytest.raises(ValueError, match="not 3 for each"):
        make_sampler(weights, "logistics")
    with pytest.raises(ValueError, match="does not have 9 outputs"):
        make_sampler(random_weights("logistics"), "mu_law")
    with pytest.raises(ValueError, match="dilation"):
        WaveNetSampler(weights, (1, 0), "mu_law", 0.0)
    with pytest.raises(ValueError, match="'layers/kernel' is"):
        WaveNetSampler(weights, (1, 2), "mu_law", 0.0)


def test_auto_plays_with_numpy_where_numba_is_missing(monkeypatch):
    for module in list(sys.modules):
        if module.startswith("creative_gen.kernels."):
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "numba", None)
    weights = random_weights("mu_law")
    assert isinstance(make_sampler(weights, "mu_law", "auto").stepper, NumpyStepper)
    with pytest.raises(ImportError):
        _ = make_sampler(weights, "mu_law", "numba").stepper


def test_the_numpy_backend_does_not_import_numba():
    code = f"import sys, {wavenet_sampler.__name__}; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
