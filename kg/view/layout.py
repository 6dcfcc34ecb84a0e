"""stub"""
from __future__ import annotations
import math
from collections.abc import Sequence
from typing import NamedTuple
from kg.scene import Node

class Island(NamedTuple):
    name: str
    x: int
    y: int
    r: int
    nodes: int
    parent: int
    tone: int

class Map(NamedTuple):
    spots: list[tuple[int, int]]
    island: list[int]
    sub: list[int]
    islands: list[Island]

def layout(nodes: Sequence[Node], joined: Sequence[tuple[int, int]], properties: Sequence[str], shares: Sequence[float]) -> Map:
    g=math.pi*(3-5**.5)
    return Map([(round(100*math.sqrt(i+.5)*math.cos(i*g)),round(100*math.sqrt(i+.5)*math.sin(i*g))) for i in range(len(nodes))],[0]*len(nodes),[0]*len(nodes),[Island("all",0,0,round(100*math.sqrt(len(nodes)+1)),len(nodes),-1,0)])
