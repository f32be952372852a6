"""Results as pictures, made in a thread: files are decoded, strokes are drawn."""

from __future__ import annotations

from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

THUMBNAIL = QSize(96, 96)


def pictures_of(job, document):
    """What is shown of a job's results, in their order: pairs of a picture and a thumbnail."""
    return [_picture_of(result, job) for result in document["results"]]


def _picture_of(result, job):
    if result.get("sketch"):
        return None, drawn(result["sketch"], THUMBNAIL)
    picture = QImage.fromData(job.file(result["blob"]))
    return picture, picture.scaled(THUMBNAIL, Qt.KeepAspectRatio, Qt.SmoothTransformation)


def drawn(sketch, size):
    """A sketch's strokes, all of them, on white."""
    picture = QImage(size, QImage.Format_ARGB32)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.Antialiasing)
    strokes = [QPolygonF([QPointF(x, y) for x, y in stroke]) for stroke in sketch["strokes"]]
    bounds = QRectF()
    for stroke in strokes:
        bounds |= stroke.boundingRect().adjusted(-1, -1, 1, 1)
    scale = 0.9 * min(size.width() / bounds.width(), size.height() / bounds.height())
    painter.translate(size.width() / 2, size.height() / 2)
    painter.scale(scale, scale)
    painter.translate(-bounds.center())
    painter.setPen(QPen(QColor("black"), 2 / scale, Qt.SolidLine, Qt.RoundCap, Qt.RoundJoin))
    for stroke in strokes:
        painter.drawPolyline(stroke)
    painter.end()
    return picture
