"""The recurrent cells that a sketch model's configuration may name."""

from __future__ import annotations

from creative_gen.layers.hyper_lstm import HyperLSTM
from creative_gen.layers.layer_norm_lstm import LayerNormLSTM
from creative_gen.layers.lstm import LSTM

CELLS = {"lstm": LSTM, "layer_norm": LayerNormLSTM, "hyper": HyperLSTM}
