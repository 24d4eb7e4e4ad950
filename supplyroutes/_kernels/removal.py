"""What each removal costs: best times anew, only below what is removed.

All arcs hang on a tree of best paths from one root. A *place* is a node by its number in preorder
of that tree, so that all below a node is one slice. An arc beside the tree is told by its *extra*:
how much later its head is reached by it than by the tree, nought along the tree. What a removal
cuts out of the tree is searched anew from the arcs that lead into it, and nothing else is (the
idea of Ramalingam & Reps 1996). How much later a node is reached then is its least sum of extras,
so that a node that is reached brings along, at once and equally late, all that hangs on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from math import inf

NONE, SEVERAL = -1, -2
"""What is beside a place if it is not one other place."""


def preorder(
    tail: Sequence[int], arc_in: Sequence[int], root: int
) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return a tree in preorder: nodes, places by node, sizes of slices, places above.

    `arc_in` is the arc into each node, -1 at the root and at nodes that are not reached; these
    have place -1. Of nodes that hang on one node the lowest number comes first.
    """
    nodes = len(arc_in)
    first, following = [-1] * nodes, [-1] * nodes
    for node in range(nodes - 1, -1, -1):
        if arc_in[node] >= 0:
            above = tail[arc_in[node]]
            following[node] = first[above]
            first[above] = node
    place, size, up = [-1] * nodes, [1] * nodes, [-1] * nodes
    node_at = [root] * nodes
    count = 0
    stack = [root]
    while len(stack) > 0:
        node = stack.pop()
        place[node] = count
        node_at[count] = node
        if arc_in[node] >= 0:
            up[count] = place[tail[arc_in[node]]]
        count += 1
        if following[node] >= 0:
            stack.append(following[node])
        if first[node] >= 0:
            stack.append(first[node])
    for here in range(count - 1, 0, -1):
        size[up[here]] += size[here]
    return node_at[:count], place, size[:count], up[:count]


def noughts(like: list[int]) -> list[int]:
    """Return as many noughts, in a sequence of the same kind: an array where it is compiled."""
    made = like.copy()
    for place in range(len(made)):
        made[place] = 0
    return made


def by_ends(
    places: int,
    at: list[int],
    to: list[int],
    extra: list[float],
    number: list[int],
    up: list[int],
) -> tuple[
    list[int], list[int], list[int], list[float], list[int],
    list[int], list[int], list[int], list[float], list[int],
]:  # fmt: skip
    """Return arcs beside a tree by the place that they lead to, and by the place they leave.

    Of each: first slot of the places, slot after the last, other end, extra, number. An arc to
    the place above leads into no slice from outside: its tail is in every slice that its head is
    in. It is left out of the first.
    """
    in_after, out_after = noughts(up), noughts(up)
    for arc in range(len(at)):
        out_after[at[arc]] += 1
        if up[at[arc]] != to[arc]:
            in_after[to[arc]] += 1
    in_first, out_first = in_after.copy(), out_after.copy()
    into = out = 0
    for here in range(places):
        into, in_first[here], in_after[here] = into + in_after[here], into, into
        out, out_first[here], out_after[here] = out + out_after[here], out, out
    in_at, in_extra, in_number = at.copy(), extra.copy(), number.copy()
    out_to, out_extra, out_number = to.copy(), extra.copy(), number.copy()
    for arc in range(len(at)):
        start, end = at[arc], to[arc]
        slot = out_after[start]
        out_after[start] += 1
        out_to[slot], out_extra[slot], out_number[slot] = end, extra[arc], number[arc]
        if up[start] != end:
            slot = in_after[end]
            in_after[end] += 1
            in_at[slot], in_extra[slot], in_number[slot] = start, extra[arc], number[arc]
    return (
        in_first, in_after, in_at, in_extra, in_number,
        out_first, out_after, out_to, out_extra, out_number,
    )  # fmt: skip


def beside_tree(
    tail: list[int],
    head: Sequence[int],
    cost: list[float],
    passable: Sequence[int],
    best: Sequence[float],
    arc_in: Sequence[int],
    place: Sequence[int],
) -> tuple[list[int], list[int], list[float], list[int]]:
    """Return the arcs beside the tree: place they leave, place they lead to, extra, number."""
    at, to, extra, number = tail.copy(), tail.copy(), cost.copy(), tail.copy()
    count = 0
    for arc in range(len(tail)):
        start, end = tail[arc], head[arc]
        if passable[arc] and place[start] >= 0 and start != end and arc_in[end] != arc:
            at[count], to[count], number[count] = place[start], place[end], arc
            extra[count] = best[start] + cost[arc] - best[end]
            count += 1
    return at[:count], to[:count], extra[:count], number[:count]


def blocks_of(
    up: Sequence[int], size: Sequence[int], at: Sequence[int], to: Sequence[int]
) -> list[int]:
    """Return for every place the first place of its block.

    A block begins where no arc beside the tree leads into the slice from outside: whatever comes
    there comes along the tree, so that one removal cuts all of it off. It ends where the next
    ones begin. (Such arcs of the tree are those that dominate: Lengauer & Tarjan 1979.)
    """
    places = len(up)
    low, high, block = list(range(places)), list(range(places)), list(range(places))
    for arc in range(len(at)):
        start, end = at[arc], to[arc]
        if up[start] != end:
            low[end] = min(low[end], start)
            high[end] = max(high[end], start)
    for here in range(places - 1, 0, -1):
        if low[here] < here or high[here] >= here + size[here]:
            block[here] = -1
        low[up[here]] = min(low[up[here]], low[here])
        high[up[here]] = max(high[up[here]], high[here])
    for here in range(1, places):
        if block[here] < 0:
            block[here] = block[up[here]]
    return block


def totals(
    up: Sequence[int], block: Sequence[int], own: Sequence[float]
) -> tuple[list[float], list[float]]:
    """Return what counts at every place, and in its whole slice.

    At a place counts its own, and all that lies behind the blocks that begin right below it.
    """
    here_all, slice_all = list(own), [0.0] * len(own)
    for here in range(len(own) - 1, -1, -1):
        slice_all[here] += here_all[here]
        if here > 0 and block[here] == here:
            here_all[up[here]] += slice_all[here]
        elif here > 0:
            slice_all[up[here]] += slice_all[here]
    return here_all, slice_all


def between(
    up: Sequence[int],
    block: Sequence[int],
    at: list[int],
    to: list[int],
    extra: list[float],
) -> tuple[list[int], list[int], list[float], list[float]]:
    """Return the arcs beside the tree within blocks, and the least extra to the place above.

    What lies behind a block is reached exactly as late as the place right above it. So an arc
    that comes from there is one from that place.
    """
    at_kept, to_kept, extra_kept = at.copy(), to.copy(), extra.copy()
    back = [inf] * len(up)
    kept = 0
    for arc in range(len(at)):
        start, end = at[arc], to[arc]
        if block[end] == end:
            continue
        while block[start] != block[end]:
            start = up[block[start]]
        if up[start] == end:
            back[start] = min(back[start], extra[arc])
        elif start != end:
            at_kept[kept], to_kept[kept], extra_kept[kept] = start, end, extra[arc]
            kept += 1
    return at_kept[:kept], to_kept[:kept], extra_kept[:kept], back


def idle_leaves(
    up: Sequence[int],
    block: Sequence[int],
    at: Sequence[int],
    to: Sequence[int],
    extra: Sequence[float],
    back: list[float],
    count: Sequence[float],
) -> list[int]:
    """Return which places nothing counts at, nothing hangs on, and one other place is beside.

    Such a leaf only joins that other place with the place above it: it is reached no later than
    the place above, and leads back to it. Places that become such leaves without others are told
    too. Where the two that a leaf joins hang on one place, `back` is lowered by the way through
    it.
    """
    places = len(up)
    # The one other place beside each, and the extra from there and to there.
    beside, into, out = [NONE] * places, [inf] * places, [inf] * places
    for arc in range(len(at)):
        for here, other in ((at[arc], to[arc]), (to[arc], at[arc])):
            if beside[here] == NONE:
                beside[here] = other
            elif beside[here] != other:
                beside[here] = SEVERAL
        into[to[arc]] = min(into[to[arc]], extra[arc])
        out[at[arc]] = min(out[at[arc]], extra[arc])
    hanging = [0] * places
    for here in range(1, places):
        if block[here] != here:
            hanging[up[here]] += 1
    idle = [0] * places
    for here in range(places - 1, 0, -1):
        if hanging[here] > 0 or count[here] > 0 or block[here] == here or beside[here] == SEVERAL:
            continue
        other, above = beside[here], up[here]
        while other >= 0 and idle[other]:
            other = up[other]
        idle[here] = 1
        hanging[above] -= 1
        if other < 0 or other in (above, here):
            continue
        # From here on the other place and the place above are joined without this one.
        through = into[here] + back[here]
        if up[other] == above:
            back[other] = min(back[other], through)
        if up[above] == other:
            back[above] = min(back[above], out[here])
        if beside[other] >= 0:
            out[other] += back[here]
        known = beside[above]
        while known >= 0 and idle[known]:
            known = up[known]
        if known in (NONE, above):
            beside[above], into[above], out[above] = other, through, out[here]
        elif known == other:
            into[above] = min(into[above], through)
            out[above] = min(out[above], out[here])
        else:
            beside[above] = SEVERAL
    return idle


def without_idle(
    up: Sequence[int],
    idle: Sequence[int],
    at: list[int],
    to: list[int],
    extra: list[float],
    back: Sequence[float],
) -> tuple[list[int], list[int], list[float]]:
    """Return the arcs beside the tree with idle leaves left out: from and to the places above."""
    at_kept, to_kept, extra_kept = at.copy(), to.copy(), extra.copy()
    kept = 0
    for arc in range(len(at)):
        start, end, more = at[arc], to[arc], extra[arc]
        while idle[start]:
            start = up[start]
        while idle[end]:
            more += back[end]
            end = up[end]
        if start != end and more < inf and up[start] != end:
            at_kept[kept], to_kept[kept], extra_kept[kept] = start, end, more
            kept += 1
    return at_kept[:kept], to_kept[:kept], extra_kept[:kept]


def passed_by(
    up: Sequence[int],
    block: Sequence[int],
    at: Sequence[int],
    to: Sequence[int],
    count: Sequence[float],
    idle: Sequence[int],
) -> tuple[list[int], list[int]]:
    """Return which places are only passed, and the last place right below each in its block.

    Nothing counts at them, no arc beside the tree begins or ends there but one back up, and one
    place hangs on them: to remove the way to them is to remove the way to that place.
    """
    places = len(up)
    passed, below, only = [1] * places, [0] * places, [-1] * places
    for arc in range(len(at)):
        passed[at[arc]] = passed[to[arc]] = 0
    for here in range(places):
        if block[here] == here or count[here] > 0:
            passed[here] = 0
        if block[here] != here and idle[here] == 0:
            below[up[here]] += 1
            only[up[here]] = here
    for here in range(places):
        if below[here] != 1:
            passed[here] = 0
    return passed, only


def numbered(block: Sequence[int], left_out: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return a number for every place that is searched, block by block, and the places by it.

    Within a block the order stays, so that all that hangs on a place is one slice again.
    """
    places = len(block)
    count, number = [0] * places, [-1] * places
    for here in range(places):
        count[block[here]] += 1 - left_out[here]
    first = 0
    for here in range(places):
        if block[here] == here:
            first, count[here] = first + count[here], first
    place_of = [0] * first
    for here in range(places):
        if not left_out[here]:
            number[here] = count[block[here]]
            place_of[number[here]] = here
            count[block[here]] += 1
    return number, place_of


def shortened(
    up: Sequence[int],
    block: Sequence[int],
    passed: Sequence[int],
    number: Sequence[int],
    back: Sequence[float],
    road: Sequence[int],
    none: int,
) -> tuple[list[int], list[float], list[int], list[int]]:
    """Return for every place what is passed on the way to it from the last place searched.

    Its number (-1 for none), the extra of the way back, how many roads, and the lowest of their
    numbers. `road` is that of the way to each place, `none` if it is no road.
    """
    places = len(up)
    above, extra = [-1] * places, [inf] * places
    times, lowest = [0] * places, [none] * places
    for here in range(places):
        if road[here] < none:
            times[here], lowest[here] = 1, road[here]
        if block[here] != here:
            before = up[here]
            above[here], extra[here] = number[before], back[here]
            if passed[before]:
                above[here] = above[before]
                extra[here] += extra[before]
                times[here] += times[before]
                lowest[here] = min(lowest[here], lowest[before])
    return above, extra, times, lowest


def reach_again(
    roots: Sequence[int],
    up: Sequence[int],
    size: Sequence[int],
    count: Sequence[float],
    in_first: Sequence[int],
    in_after: Sequence[int],
    in_at: Sequence[int],
    in_extra: Sequence[float],
    in_number: Sequence[int],
    out_first: Sequence[int],
    out_after: Sequence[int],
    out_to: Sequence[int],
    out_extra: Sequence[float],
    out_number: Sequence[int],
    barred: Sequence[int],
    severed: Sequence[int],
    stamp: int,
    state: list[int],
    later: list[float],
    found: list[int],
) -> tuple[int, int]:
    """Search what hangs on `roots` anew; return how many places that count are found, and are not.

    `roots` ascend, none in the slice of another; the way along the tree into each is gone. Arcs
    beside the tree are gone where `barred` is `stamp`, ways along it where `severed` is. `stamp`
    rises from call to call. `found` gets the places with a `count` above zero that are reached,
    `later` how much later; the `state` of the others is 2 `stamp` after it.
    """
    lost, back = 2 * stamp, 2 * stamp + 1
    left = 0
    for root in roots:
        for here in range(root, root + size[root]):
            state[here] = lost
            if count[here] > 0:
                left += 1
    if left == 0:
        return 0, 0
    heap = [(0.0, 0)]
    heap.pop()
    for root in roots:
        for here in range(root, root + size[root]):
            bound = later[up[here]] if here > root and severed[here] != stamp else inf
            best = bound
            for slot in range(in_first[here], in_after[here]):
                if (
                    in_extra[slot] < best
                    and state[in_at[slot]] < lost
                    and barred[in_number[slot]] != stamp
                ):
                    best = in_extra[slot]
            later[here] = best
            if best < bound:
                heap.append((best, here))
    heapify(heap)
    number = 0
    while left > 0 and len(heap) > 0:
        now, start = heappop(heap)
        if state[start] == back:
            continue
        here, end = start, start + size[start]
        while here < end:
            if state[here] == back or (severed[here] == stamp and here > start):
                here += size[here]
                continue
            state[here] = back
            later[here] = now
            if count[here] > 0:
                found[number] = here
                number += 1
                left -= 1
            for slot in range(out_first[here], out_after[here]):
                there = out_to[slot]
                reached = now + out_extra[slot]
                if (
                    reached < later[there]
                    and state[there] == lost
                    and barred[out_number[slot]] != stamp
                ):
                    later[there] = reached
                    heappush(heap, (reached, there))
            here += 1
    return number, left


def each_arc(
    tail: list[int],
    head: Sequence[int],
    cost: list[float],
    passable: Sequence[int],
    best: list[float],
    arc_in: list[int],
    root: int,
    roads: int,
    demand: Sequence[float],
    people: Sequence[float],
    wanted: list[float],
) -> tuple[
    list[int], list[float], list[float], list[float], list[float],
    list[int], list[float], list[int], list[float], list[int],
]:  # fmt: skip
    """Remove the arc of the tree into each node, one after the other.

    `best` and `arc_in` are those of `nearest_source` from `root` alone; arcs from `roads` on are
    no roads. Return the arcs that cost anything when removed, and of each how much later the
    demand still joined is reached (demand x cost, summed), and the demand, the people and the
    number of `wanted` nodes (1 or 0) cut off. Then the wanted nodes that are reached, and of each,
    over the removals that are roads: the worst of how much later it is reached, the arc of the
    worst (the lowest number of equal ones, -1 if none delays it), the sum of how much later, and
    how many cut it off. All other arcs cost nothing.

    Blocks are searched apart, and places that are only passed are left out: the search is that of
    the definition, on a smaller tree.

    Time O(m) and the slices that are searched, in all about n x mean depth of the tree.
    """
    none = len(tail)
    node_at, place, size, up = preorder(tail, arc_in, root)
    places = len(node_at)
    at, to, extra, _ = beside_tree(tail, head, cost, passable, best, arc_in, place)
    block = blocks_of(up, size, at, to)
    demand_at, demand_in = totals(up, block, [demand[node] for node in node_at])
    people_at, people_in = totals(up, block, [people[node] for node in node_at])
    count_at, count_in = totals(up, block, [wanted[node] for node in node_at])
    at, to, extra, back = between(up, block, at, to, extra)
    idle = idle_leaves(up, block, at, to, extra, back, count_at)
    at, to, extra = without_idle(up, idle, at, to, extra, back)
    passed, only = passed_by(up, block, at, to, count_at, idle)
    number, place_of = numbered(block, [passed[here] + idle[here] for here in range(places)])
    road = [arc_in[node] if 0 <= arc_in[node] < roads else none for node in node_at]
    above, back, times, lowest = shortened(up, block, passed, number, back, road, none)

    # The smaller tree. What is read most is a copy of an argument: an array where it is compiled.
    spots, kept = len(place_of), len(at)
    at_spot, to_spot, extra_spot = tail.copy(), tail.copy(), cost.copy()
    for arc in range(kept):
        at_spot[arc], to_spot[arc], extra_spot[arc] = number[at[arc]], number[to[arc]], extra[arc]
    higher, width, count = arc_in.copy(), arc_in.copy(), wanted.copy()
    for spot in range(spots):
        here = place_of[spot]
        higher[spot], width[spot], count[spot] = above[here], 1, count_at[here]
        if above[here] >= 0 and back[here] < inf:
            at_spot[kept], to_spot[kept], extra_spot[kept] = spot, above[here], back[here]
            kept += 1
    for spot in range(spots - 1, -1, -1):
        if higher[spot] >= 0:
            width[higher[spot]] += width[spot]
    never = noughts(tail)
    ends = by_ends(
        spots, at_spot[:kept], to_spot[:kept], extra_spot[:kept], never[:kept], higher[:spots]
    )

    late, cut_demand = [0.0] * places, [0.0] * places
    cut_people, cut_count = [0.0] * places, [0.0] * places
    worst, total, worst_arc, cuts = [0.0] * spots, [0.0] * spots, [-1] * spots, [0] * spots
    state, later, found, barred = noughts(arc_in), best.copy(), arc_in.copy(), noughts(arc_in)
    for spot in range(spots):
        here = place_of[spot]
        if higher[spot] < 0 or count_in[here] <= 0:
            continue
        reached, lost = reach_again(
            [spot], higher, width, count, *ends, never, barred, spot + 1, state, later, found
        )
        for turn in range(reached):
            one = found[turn]
            delay = later[one]
            late[here] += demand_at[place_of[one]] * delay
            if times[here] > 0 and delay > 0:
                total[one] += times[here] * delay
                if delay > worst[one] or (delay == worst[one] and lowest[here] < worst_arc[one]):
                    worst[one], worst_arc[one] = delay, lowest[here]
        if lost > 0:
            for one in range(spot, spot + width[spot]):
                if state[one] == 2 * spot + 2 and count[one] > 0:
                    cut_demand[here] += demand_at[place_of[one]]
                    cut_people[here] += people_at[place_of[one]]
                    cut_count[here] += count[one]
                    cuts[one] += times[here]

    # Back to the nodes: what a place that is only passed costs, and what lies behind blocks.
    by_worst, by_total = [0.0] * places, [0.0] * places
    by_arc, by_cuts = [-1] * places, [0] * places
    for here in range(places - 1, 0, -1):
        if block[here] == here:
            cut_demand[here], cut_people[here] = demand_in[here], people_in[here]
            cut_count[here] = count_in[here]
        elif passed[here]:
            same = only[here]
            late[here], cut_demand[here] = late[same], cut_demand[same]
            cut_people[here], cut_count[here] = cut_people[same], cut_count[same]
    for here in range(1, places):
        if count_in[here] <= 0 or passed[here]:
            continue
        outer = block[here] if block[here] != here else up[here]
        by_worst[here], by_arc[here] = by_worst[outer], by_arc[outer]
        by_total[here], by_cuts[here] = by_total[outer], by_cuts[outer]
        if block[here] == here:
            by_cuts[here] += times[here]
            continue
        spot = number[here]
        by_total[here] += total[spot]
        by_cuts[here] += cuts[spot]
        if worst[spot] > by_worst[here] or (
            worst[spot] == by_worst[here] and 0 <= worst_arc[spot] < by_arc[here]
        ):
            by_worst[here], by_arc[here] = worst[spot], worst_arc[spot]
    costly = [here for here in range(1, places) if late[here] > 0 or cut_count[here] > 0]
    hit = [here for here in range(1, places) if wanted[node_at[here]] > 0]
    return (
        [arc_in[node_at[here]] for here in costly],
        [late[here] for here in costly],
        [cut_demand[here] for here in costly],
        [cut_people[here] for here in costly],
        [cut_count[here] for here in costly],
        [node_at[here] for here in hit],
        [by_worst[here] for here in hit],
        [by_arc[here] for here in hit],
        [by_total[here] for here in hit],
        [by_cuts[here] for here in hit],
    )


def each_set(
    tail: list[int],
    head: Sequence[int],
    cost: list[float],
    passable: Sequence[int],
    best: list[float],
    arc_in: list[int],
    root: int,
    start: Sequence[int],
    arcs: Sequence[int],
    demand: Sequence[float],
    people: Sequence[float],
    wanted: list[float],
) -> tuple[
    list[float], list[float], list[float], list[float],
    list[int], list[float], list[int], list[float], list[int],
]:  # fmt: skip
    """Remove sets of arcs, one after the other: set k is ``arcs[start[k] : start[k + 1]]``.

    Return by set what `each_arc` returns by arc, and then by wanted node the same as there, the
    set of the worst delay in place of the arc.

    Time O(m), and for each set the slices that hang on its arcs.
    """
    node_at, place, slices, ups = preorder(tail, arc_in, root)
    places, sets = len(node_at), len(start) - 1
    at, to, extra, number = beside_tree(tail, head, cost, passable, best, arc_in, place)
    size, up, count = arc_in.copy(), arc_in.copy(), wanted.copy()
    for here in range(places):
        size[here], up[here], count[here] = slices[here], ups[here], wanted[node_at[here]]
    ends = by_ends(places, at, to, extra, number, up[:places])
    barred, severed, state = noughts(tail), noughts(arc_in), noughts(arc_in)
    later, found, roots = best.copy(), arc_in.copy(), [0]
    late, cut_demand = [0.0] * sets, [0.0] * sets
    cut_people, cut_count = [0.0] * sets, [0.0] * sets
    worst, total, worst_set, cuts = [0.0] * places, [0.0] * places, [-1] * places, [0] * places
    for one in range(sets):
        stamp = one + 1
        roots.clear()
        for slot in range(start[one], start[one + 1]):
            arc = arcs[slot]
            barred[arc] = stamp
            here = place[head[arc]]
            if here >= 0 and arc_in[head[arc]] == arc:
                severed[here] = stamp
                roots.append(here)
        roots.sort()
        end = kept = 0
        for here in roots:
            if here >= end:
                roots[kept] = here
                kept += 1
                end = here + size[here]
        reached, lost = reach_again(
            roots[:kept], up, size, count, *ends, barred, severed, stamp, state, later, found
        )
        for turn in range(reached):
            here = found[turn]
            late[one] += demand[node_at[here]] * later[here]
            total[here] += later[here]
            if later[here] > worst[here]:
                worst[here], worst_set[here] = later[here], one
        for slot in range(kept if lost > 0 else 0):
            for here in range(roots[slot], roots[slot] + size[roots[slot]]):
                if state[here] == 2 * stamp and count[here] > 0:
                    cut_demand[one] += demand[node_at[here]]
                    cut_people[one] += people[node_at[here]]
                    cut_count[one] += 1.0
                    cuts[here] += 1
    hit = [here for here in range(1, places) if count[here] > 0]
    return (
        late, cut_demand, cut_people, cut_count,
        [node_at[here] for here in hit],
        [worst[here] for here in hit],
        [worst_set[here] for here in hit],
        [total[here] for here in hit],
        [cuts[here] for here in hit],
    )  # fmt: skip
