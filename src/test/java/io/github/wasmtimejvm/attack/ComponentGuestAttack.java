package io.github.wasmtimejvm.attack;

import java.util.List;
import java.util.Random;

/**
 * Hostile components: each in turn, at any place, on any engine. Whatever one does, its calls
 * return or throw what the documents say.
 */
final class ComponentGuestAttack implements Attack {
  private final Journal journal;
  private final List<ComponentGuest> guests =
      ComponentGuest.all().stream()
          .filter(g -> g.name().equals(System.getProperty(GuestAttack.ONLY, g.name())))
          .toList();

  ComponentGuestAttack(Journal journal) {
    this.journal = journal;
    // What is used first where there is no room for it stays unusable, so first of all with room.
    Random random = new Random(0);
    for (ComponentGuest guest : guests) {
      for (int i = 0; i < 5; i++) {
        EngineChoice choice = EngineChoice.plain(guest.guest());
        journal.note("first: " + guest.name());
        new ComponentGuestCase(0, guest, choice, random, new Tally(), journal).run();
      }
    }
  }

  @Override
  public void run(long seed, Tally tally) throws InterruptedException {
    Random random = new Random(seed * 0x9e3779b97f4a7c15L);
    ComponentGuest guest = guests.get(Math.floorMod(seed, guests.size()));
    Place place = Place.any(random);
    EngineChoice choice = EngineChoice.of(random, guest.guest(), place);
    journal.note(guest.name() + "\n" + place + "\n" + choice);
    tally.count("component", guest.name());
    tally.count("place", place.name());
    ComponentGuestCase one =
        new ComponentGuestCase(seed, guest, choice, new Random(random.nextLong()), tally, journal);
    if (choice.bound() == EngineChoice.Bound.INTERRUPT) {
      Thread interrupter = Thread.ofPlatform().start(() -> interrupt(one));
      place.run(random, one);
      interrupter.interrupt();
      interrupter.join();
    } else {
      place.run(random, one);
    }
    if (one.judge()) {
      tally.count(Tally.ENTERED, AttackKind.COMPONENT_GUESTS.toString());
    }
  }

  // Until it has ended, and seldom enough for some calls to return in between.
  private static void interrupt(ComponentGuestCase running) {
    try {
      while (true) {
        Thread.sleep(10);
        running.interrupt();
      }
    } catch (InterruptedException e) {
      // the case has ended
    }
  }
}
