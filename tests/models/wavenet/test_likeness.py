from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.likeness import FASTEST, random_likeness

CONFIG = WaveNetConfig(
    kinds=("kick", "snare", "clap"),
    pitches=((-1, -1),) * 3,
    partials=0,
    phases=0,
    variants=(0, 1, 1, 1, 2),
)


def test_a_likeness_is_of_two_sources_of_the_kind():
    for seed in range(50):
        shares, speed = random_likeness(CONFIG, 1, seed)
        assert {variant for variant, _ in shares} < {1, 2, 3}
        assert sum(share for _, share in shares) == 1.0
        assert shares[0][1] >= 0.5
        assert abs(speed) <= FASTEST
        assert random_likeness(CONFIG, 1, seed) == (shares, speed)
    assert len({random_likeness(CONFIG, 1, seed) for seed in range(50)}) == 50


def test_one_source_is_itself_and_none_is_none():
    shares, _ = random_likeness(CONFIG, 2, 5)
    assert shares == ((4, 1.0),)
    plain = CONFIG.model_copy(update={"variants": ()})
    assert random_likeness(plain, 1, 5) == ((), 0.0)
