"""The fast engine on one page: its records, its queue of events, a turn of its loop, and the words for its forms.

Records, in 8-byte words (`layout` has the fields; `a|b` are the two halves of a word, `+` is one more word of the same field).
A record is told by the number of its first word; a job also by its slot, the number of its record, where slot 0 is nobody.

    job       0 NEXT|STATION   1 FLOW|STEP   2 KEY        3 BIRTH      4 MARK       5 SEQ       6 WAITED     7 LEFT
              8 PLACE|PLACE    9 PLACE|PLACE    10 PLACE|PREV    11 RECORDS    12 LOT    13 HELD    14 TOKENS+
             16 ARRIVE        17 START      18 ATTEMPT     19 BACKOFF   20 TIMER     21 EXTRA    22 CUSTOMER  23 CYCLE
             24 STATE         25 ENTRY      26 CHILD       27 AMOUNTS
             28 drawn values of the route, then its counters
    station   0 BUSY           1 USABLE      2 QUEUE       3 HEAD       4 TAIL       5 STARTED   6 T_BUSY     7 T_QUEUE
              8 AREA_BUSY+    10 AREA_QUEUE+              12 WAIT+     14 GIVEN+
             16 WAIT_MAX      17 GROUP      18 WAITED     19 SPECIAL   20 LINE+++
    event     0 the bits of its time         1 sequence number << 24 | slot

A job's MARK is the end of its service, or when its wait began, negative if the service that it waits for has begun before.

The queue of events is a four-way heap (`heap`). An event stands for its job as long as the job's SEQ is its sequence number;
whoever cancels sets SEQ to 0 and leaves the event where it is, to be skipped at the root or dropped by `moves.compact`.
The next arrival of each flow stands outside, in `order`, and dated changes in `timeline_s`; so do jobs at closed gates, in a
heap of their own: a nation has tens of thousands of operators at home and some sixty events besides. Where time-outs can
cancel an event at a gate it stands with all others.

The hole: after the loop has taken the event at the root, `hole` is true, the root's words are void and `size` still counts it.
What is scheduled first goes there (`heap.put`), one walk down instead of two. Nobody may read the root meanwhile, and whoever
is called by address knows of no hole, so the loop closes it before it chooses an event, before such a call, and when it ends.

A turn of the loop: if the agenda is empty, see that there are records, room for rows and events left to do; choose the earliest
of both heaps, arrivals and dated changes, a dated change being first at its instant; stop if it lies behind the stop; let time
go on; then carry it out: the flow's next arrival is scheduled, or the server is handed on, before the job itself moves. If the
agenda is not empty, take its first job instead. Then move that job step by step until it blocks or leaves; jobs that it wakes
or starts go to the end of the agenda, a ring as long as there are slots, since no job stands on it twice.

Arrays are borrowed (`base.compiled.BORROWED`, `base.borrowed`): compiled code counts no references to them. Records and heaps
begin at a cache line, and while an event of many is carried out, the records of those that may be next are on their way.

Registers: the sequence number, the heap's size, the first free slot, the budget of the instant, head and length of the agenda
and the number of rows live in local variables, since a store for each event costs time. `moves.write` puts them into `x`
before every call by address and `moves.read` takes them back. The count of events, the timeline's place, the time and the step
are written when the loop ends; what stands in `x` alone is rare.

By address the loop calls the rarer moves (`calls`), and those call the draws (`drawing`): compiled code carries a copy of
every function that it calls by name, so that each form of the loop would be compiled with all of them. A network that needs
none of them has 0 in place of their addresses; `world.check_calls` refuses to run a network that needs them with a 0 there.
What becomes of servers that jobs keep after service (`keeping`) stands behind an address of its own, which only networks have
in which jobs do so: there every station on the way of such a flow is special.

    word      said of     meaning
    lean      a network   c servers, first-come queues, delays, branches and loops of fixed length are all it needs
    lean      the loop    compiled for such a network, without anything else
    full      the loop    compiled with the whole vocabulary, for networks that are not lean
    rich      a network   it needs rarer moves: it has special stations, dated changes, time-outs, closed populations, choices
                          among stations, or pools whose tokens are refilled, counted, or not waited for for ever
    wide      a network   its jobs carry clocks of time-outs, so that one event may need up to three records
    special   a station   more than c servers and a first-come queue that nobody leaves: it has a second record (Q_)
    plain     a station   not special
"""
