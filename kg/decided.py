"""The author's vocabulary becomes triples: what it accepts, and what it states of that."""

from __future__ import annotations

from kg import corpus, entities, names
from kg.emission import Describer, Emission, receipt
from kg.names import Names
from kg.terms import DERIVED, HOLDS, LABEL, TYPE, literal, term
from kg.vocabulary import RULE, key_of
from kg.world import World


def decided(context: corpus.Context, world: World) -> Emission:
    """Write the author's vocabulary as triples: what it accepts, and what it states of that.

    Like a note it has an IRI; its claims are derived from that, since no passage says so.
    """
    writer = Describer(Names(context.config.base).vocabulary, world)
    subject, side = f"<{writer.out.note}>", writer.out.said
    held: dict[str, None] = {}
    for entry in (each for each in context.decisions.entries if not each.rejected):
        thing = writer.entity(entities.of_name(entry.kind, key_of(entry), entry.name, world))
        held[thing] = None
        for verb, kind, key, name in corpus.joined(entry):
            fact = (thing, term(verb), writer.entity(entities.of_name(kind, key, name, world)))
            held[fact[2]] = None
            side.facts.append(f"{' '.join(fact)} .")
            claim = f"<{writer.out.note}#c-{names.digest(' '.join(fact))}>"
            side.private += (*receipt(claim, fact, RULE, 1.0), f"{claim} {DERIVED} {subject} .")
    side.private += (f"{subject} {HOLDS} {thing} ." for thing in held)
    if held:
        side.private += (f"{subject} {TYPE} {term('prov:Entity')} .", f"{subject} {LABEL} {literal('vocabulary')} .")
    return writer.out


__all__ = ["decided"]
