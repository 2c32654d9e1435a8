package io.github.wasmtimejvm.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Hostile guests: each family of guests in turn, at any place, on any engine. Whatever a guest
 * does, it ends as its family says, or has too little stack where there may be too little.
 */
final class GuestAttack implements Attack {
  /** A property that names a family of guests, to look at it alone. */
  static final String ONLY = "wasmtimejvm.attack.family";

  /** Counts of the cases that no time ends, which a busy machine does not change. */
  static final String UNTIMED = "untimed";

  private final Journal journal;
  private final List<Guest.Family> families =
      families(Programs.folder()).stream()
          .filter(family -> family.name().equals(System.getProperty(ONLY, family.name())))
          .toList();
  private final Path folder;

  GuestAttack(Journal journal) {
    this.journal = journal;
    try {
      this.folder = Files.createTempDirectory("guests");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    warmUp();
  }

  /**
   * All guests.
   *
   * @param programs where those in C are, if they are
   */
  static List<Guest.Family> families(@Nullable Path programs) {
    List<Guest.Family> all = new ArrayList<>(GuestFiles.all());
    all.addAll(GeneratedGuests.all());
    all.addAll(Programs.in(programs));
    return List.copyOf(all);
  }

  // What is used first where there is no room for it stays unusable, so first of all with room.
  private void warmUp() {
    Random random = new Random(0);
    for (Guest.Family family : families) {
      Guest guest = family.guest(random);
      journal.note("first: " + guest);
      GuestCase first = new GuestCase(guest, EngineChoice.plain(guest), random, folder);
      first.run();
      first.judge(0, true, new Tally());
    }
  }

  @Override
  public void run(long seed, Tally tally) throws InterruptedException {
    Random random = new Random(seed * 0x9e3779b97f4a7c15L);
    Guest.Family family = families.get(Math.floorMod(seed, families.size()));
    Guest guest = family.guest(random);
    Place place = Place.any(random);
    EngineChoice choice = EngineChoice.of(random, guest, place);
    journal.note(guest + "\n" + place + "\n" + choice);
    tally.count("guest", family.name());
    tally.count("place", place.name());
    if (choice.settings().isEmpty()) {
      tally.count("engine", "default");
    }
    choice.settings().forEach(setting -> tally.count("engine", setting.toString()));
    GuestCase guestCase = new GuestCase(guest, choice, new Random(random.nextLong()), folder);
    if (choice.bound() == EngineChoice.Bound.INTERRUPT) {
      long after = random.nextInt(10);
      Thread interrupter = Thread.ofPlatform().start(() -> interrupt(guestCase, after));
      place.run(random, guestCase);
      interrupter.interrupt();
      interrupter.join();
    } else {
      place.run(random, guestCase);
    }
    boolean tight = place.isTight() || choice.limitsStack();
    boolean timed =
        choice.bound() == EngineChoice.Bound.TIMEOUT
            || choice.bound() == EngineChoice.Bound.INTERRUPT;
    tally.count(timed ? "timed" : UNTIMED, "cases");
    if (guestCase.judge(seed, tight, tally)) {
      tally.count(Tally.ENTERED, AttackKind.GUESTS.toString());
      tally.count(timed ? "timed" : UNTIMED, "entered");
    }
  }

  // Until it has ended: what is interrupted may go on, as where it only compiles.
  private static void interrupt(GuestCase running, long after) {
    try {
      Thread.sleep(after);
      while (true) {
        running.interrupt();
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      // the case has ended
    }
  }
}
