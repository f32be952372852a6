"""Layers as PNG files, and results as new layers: one undo step each."""

from __future__ import annotations

from PyQt5.QtCore import QBuffer, QByteArray, QIODevice, QRect
from PyQt5.QtGui import QImage

from krita import Krita

from .creative_gen_client import CreativeGenError

SRGB = ("RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")


def open_document():
    """The document that is worked on."""
    document = Krita.instance().activeDocument()
    if document is None or not document.rootNode().childNodes():
        raise CreativeGenError(
            "no_document", "No picture is open.", "Open or make one: File > New."
        )
    return document


def active_layer(document):
    """The layer that is worked on; the topmost while Krita still names one that is undone."""
    node = document.activeNode()
    return node if node and node.parentNode() else document.rootNode().childNodes()[-1]


def same_layer(document, node):
    """A layer as it is now, or the active one if it is not there any more."""
    there = [one for one in layers_of(document) if node and one.uniqueId() == node.uniqueId()]
    return there[0] if there else active_layer(document)


def area_of(document):
    """What of the document is worked on: the selection's rectangle, or all."""
    whole = QRect(0, 0, document.width(), document.height())
    selection = document.selection()
    if selection is None:
        return whole
    chosen = QRect(selection.x(), selection.y(), selection.width(), selection.height())
    return chosen.intersected(whole) if chosen.intersects(whole) else whole


def png_of(node, area):
    """A layer's pixels as the eye sees them, in sRGB.

    Returns:
        A function that makes a PNG file of them, which may be called in any thread.

    Args:
        node: Node. Any layer; of a group, what it shows.
        area: QRect. Which of its pixels.
    """
    pixels = node.projectionPixelData(area.x(), area.y(), area.width(), area.height())
    pixels = _converted(pixels, area.size(), _space_of(node), SRGB)
    size = (area.width(), area.height(), 4 * area.width())

    def png():
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QIODevice.WriteOnly)
        QImage(pixels, *size, QImage.Format_ARGB32).save(buffer, "PNG")
        return bytes(content)

    return png


def add_layer(document, below, image, name, area):
    """Put a picture above a layer, as a layer of its own: one undo step.

    Args:
        document: Document. Whose layer it becomes.
        below: Node. Above which layer.
        image: QImage. As large as `area`, or it is put into its middle.
        name: str. The layer's.
        area: QRect. Where in the document.
    """
    x = area.x() + (area.width() - image.width()) // 2
    y = area.y() + (area.height() - image.height()) // 2
    node = document.createNode(name, "paintlayer")
    pixels = _converted(_pixels_of(image), image.size(), SRGB, _space_of(node))
    node.setPixelData(pixels, x, y, image.width(), image.height())
    _add(document, node, below)
    return node


def add_shapes(document, below, svg, name):
    """Put drawn lines above a layer, as a vector layer of their own: one undo step."""
    drawn = document.createVectorLayer(name)
    drawn.addShapesFromSvg(svg)
    # Shapes are a step of their own, even on a layer that is nowhere yet: a copy has none.
    node = drawn.duplicate()
    node.setName(name)
    Krita.instance().action("edit_undo").trigger()
    document.waitForDone()
    _add(document, node, below)
    return node


def open_image(image, name, resolution):
    """Open a picture as a document of its own."""
    krita = Krita.instance()
    document = krita.createDocument(image.width(), image.height(), name, *SRGB, resolution)
    node = document.rootNode().childNodes()[0]
    node.setPixelData(_pixels_of(image), 0, 0, image.width(), image.height())
    node.setName(name)
    krita.activeWindow().addView(document)
    document.refreshProjection()
    return document


def layers_of(document):
    """Every layer, the topmost first."""
    found = []
    for node in reversed(document.rootNode().childNodes()):
        found.append(node)
        if node.type() == "grouplayer":
            found += list(_below(node))
    return found


def _below(group):
    for node in reversed(group.childNodes()):
        yield node
        if node.type() == "grouplayer":
            yield from _below(node)


def _pixels_of(image):
    """A picture's pixels as Krita has them, 8 bits of blue, green, red and alpha."""
    image = image.convertToFormat(QImage.Format_ARGB32)
    bits = image.constBits()
    bits.setsize(image.byteCount())
    return QByteArray(bytes(bits))


def _space_of(node):
    return node.colorModel(), node.colorDepth(), node.colorProfile()


def _converted(pixels, size, space, wanted):
    """Pixels in another colour space, through a document that nobody sees.

    Converting a layer of the artist's document would be a step to undo.
    """
    if space == wanted:
        return pixels
    hidden = Krita.instance().createDocument(size.width(), size.height(), "", *space, 72.0)
    area = (0, 0, size.width(), size.height())
    # It has no active layer, for it has no window.
    hidden.rootNode().childNodes()[0].setPixelData(pixels, *area)
    hidden.setColorSpace(*wanted)
    hidden.waitForDone()
    converted = hidden.rootNode().childNodes()[0].pixelData(*area)
    hidden.close()
    return converted


def _add(document, node, below):
    below.parentNode().addChildNode(node, below)
    document.refreshProjection()
