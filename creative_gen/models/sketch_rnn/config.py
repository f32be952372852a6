"""What makes one Sketch-RNN differ from another: the settings of the network."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

CellName = Literal["lstm", "layer_norm", "hyper"]


class SketchRNNConfig(BaseModel):
    """Settings of a Sketch-RNN network (Ha & Eck 2017); the defaults are the shipped model's.

    Magenta's name for a setting is given where it differs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    categories: tuple[str, ...] = Field(
        (), description="Names of the classes the decoder is told of; none: not class-conditional."
    )
    latent_size: int = Field(
        128, ge=0, description="N_z (z_size); 0 is an unconditional decoder, without an encoder."
    )
    encoder_units: int = Field(192, ge=1, description="LSTM units each way (enc_rnn_size).")
    decoder_units: int = Field(512, ge=1, description="LSTM units (dec_rnn_size).")
    encoder_cell: CellName = Field("lstm", description="Cell of the encoder (enc_model).")
    decoder_cell: CellName = Field("lstm", description="Cell of the decoder (dec_model).")
    hyper_units: int = Field(256, ge=1, description="Units of a HyperLSTM's small cell.")
    hyper_embedding: int = Field(32, ge=1, description="Width of a HyperLSTM's embeddings.")
    mixtures: int = Field(20, ge=1, description="Bivariate normals in the output (num_mixture).")
    scale_factor: float = Field(
        1.0,
        gt=0,
        allow_inf_nan=False,
        description="Canvas units a normalised offset stands for: the data's std.",
    )
    max_points: int = Field(250, ge=2, description="N_max, the longest drawing (max_seq_len).")
    latent_dropout: float = Field(
        0.4,
        ge=0,
        le=1,
        description="Share of training drawings decoded without z, so that the decoder can also "
        "draw from its class alone; their prefixes teach the classifier.",
    )
    recurrent_dropout: float = Field(
        0.1,
        ge=0,
        lt=1,
        description="Dropout of the candidate tanh(g) (1 - recurrent_dropout_prob).",
    )
    input_dropout: float = Field(0.0, ge=0, lt=1, description="Dropout of the decoder's input.")
    output_dropout: float = Field(0.0, ge=0, lt=1, description="Dropout of the decoder's output.")

    @property
    def conditional(self) -> bool:
        """Whether there is an encoder and a z."""
        return self.latent_size > 0

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that such a network can do."""
        tasks: tuple[str, ...] = ("sketch.complete", "sketch.generate")
        if self.conditional:
            tasks += ("sketch.reconstruct", "sketch.interpolate")
        return (*tasks, "sketch.classify") if self.conditional and self.categories else tasks

    @property
    def condition_size(self) -> int:
        """Width C of the constant decoder input: z, "there is no z", and the class, one-hot."""
        return self.latent_size + self.conditional + len(self.categories)
