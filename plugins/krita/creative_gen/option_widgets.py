"""A widget for each option that the server describes."""

from __future__ import annotations

from PyQt5.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox

LARGEST = 2**31 - 1
"""Of a spin box of whole numbers; what may be larger, such as a seed, is typed."""
UNSET = "automatic"


def widget_for(field, suggestions=()):
    """A widget that asks for an option.

    Args:
        field: Field. Of `creative_gen_client.fields`.
        suggestions: what is known to fit, such as an asset's categories.
    """
    if field.kind == "bool":
        widget = _CheckBox()
    elif field.kind == "choice":
        widget = _Choice(field)
    elif field.kind == "float":
        widget = _Number(QDoubleSpinBox(), field, 0.05)
    elif field.kind == "int" and (field.maximum or 0) <= LARGEST:
        widget = _Number(QSpinBox(), field, 1)
    else:
        widget = _Text(field, suggestions)
    widget.box.setToolTip(field.help)
    widget.set_value(field.default)
    return widget


class _CheckBox:
    def __init__(self):
        self.box = QCheckBox()

    def value(self):
        return self.box.isChecked()

    def set_value(self, value):
        self.box.setChecked(bool(value))


class _Choice:
    def __init__(self, field):
        self.box = QComboBox()
        self.values = [*([None] if field.optional else []), *field.choices]
        self.box.addItems([UNSET if value is None else str(value) for value in self.values])

    def value(self):
        return self.values[self.box.currentIndex()]

    def set_value(self, value):
        if value in self.values:
            self.box.setCurrentIndex(self.values.index(value))


class _Number:
    """A number; where it may be left out, the one below the least means that."""

    def __init__(self, box, field, step):
        self.box, self.optional = box, field.optional
        least = -LARGEST if field.minimum is None else field.minimum
        box.setSingleStep(step)
        box.setRange(
            least - step if self.optional else least,
            LARGEST if field.maximum is None else field.maximum,
        )
        if self.optional:
            box.setSpecialValueText(UNSET)

    def value(self):
        if self.optional and self.box.value() == self.box.minimum():
            return None
        # A spin box of two decimals has 0.30000000000000004.
        return round(self.box.value(), 6)

    def set_value(self, value):
        self.box.setValue(self.box.minimum() if value is None else value)


class _Text:
    """Words, or a number that no spin box holds."""

    def __init__(self, field, suggestions):
        self.whole = field.kind == "int"
        self.box = QComboBox() if suggestions else QLineEdit()
        self.edit = self.box
        if suggestions:
            self.box.setEditable(True)
            self.box.addItems(["", *suggestions])
            self.edit = self.box.lineEdit()
        self.edit.setPlaceholderText(UNSET if field.optional else "")

    def value(self):
        text = self.edit.text().strip()
        # What is no number goes as it is: the server says what is wrong with it.
        return None if not text else int(text) if self.whole and text.isdigit() else text

    def set_value(self, value):
        self.edit.setText("" if value is None else str(value))
