"""Creative Gen in Krita: a docker that asks `creative-gen serve`."""

from krita import DockWidgetFactory, DockWidgetFactoryBase, Krita

from .docker import CreativeGenDocker

Krita.instance().addDockWidgetFactory(
    DockWidgetFactory("creative_gen", DockWidgetFactoryBase.DockRight, CreativeGenDocker)
)
