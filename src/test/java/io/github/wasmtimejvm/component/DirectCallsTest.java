package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.component.LyingComponent.Doing;
import io.github.wasmtimejvm.component.LyingComponent.Realloc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A direct call is several entries into a guest, and code of the host's and of the user's between
 * them: what each of them may do, and what becomes of the call.
 */
class DirectCallsTest {
  private static final WitType BYTES = new WitType.ListType(WitType.Primitive.U8);
  private static final WitType PAIRS =
      new WitType.ListType(
          new WitType.TupleType(List.of(WitType.Primitive.U32, WitType.Primitive.STRING)));
  private static final long PLACE = 40_000;
  private static final long TIME = 100; // milliseconds

  /** The functions of both types; those with an even number have a post-return function. */
  @WitName("")
  public interface Guest {
    MemorySegment r0(long at);

    MemorySegment r1(long at);

    List<Pair> r2(long at);

    long p0(byte[] bytes);

    long p2(List<Pair> pairs);
  }

  /** Runs something when it is made, and when it is read. */
  public record Pair(long number, String text) {
    static Runnable whenMade = () -> {};
    static Runnable whenRead = () -> {};

    public Pair {
      whenMade.run();
    }

    @Override
    public String text() {
      whenRead.run();
      return text;
    }
  }

  private Engine engine;
  private Store store;
  private ComponentInstance instance;
  private Guest guest;
  private Runnable host = () -> {};

  private void instantiate(boolean direct, UnaryOperator<EngineBuilder> settings) {
    engine = settings.apply(Engine.builder()).directComponentCalls(direct).build();
    store = Store.create(engine);
    ComponentLinker linker = ComponentLinker.create(engine);
    LyingComponent text = new LyingComponent("utf8", 1, 8, List.of(BYTES, BYTES, PAIRS));
    for (String name : text.hostFunctions()) {
      linker.define(
          "t:t/host",
          name,
          _ -> {
            host.run();
            return 0L;
          });
    }
    try (Component component = Component.fromWat(engine, text.wat())) {
      instance = linker.instantiate(store, component);
    }
    for (String name : List.of("r0", "r1", "r2", "p0", "p2")) {
      assertThat(instance.func(name).path().isDirect()).as(name).isEqualTo(direct);
    }
    guest = instance.as(Guest.class);
  }

  private void instantiate() {
    instantiate(true, builder -> builder);
  }

  @AfterEach
  void close() {
    Pair.whenMade = () -> {};
    Pair.whenRead = () -> {};
    store.close();
    engine.close();
  }

  private void tell(Realloc realloc, Doing doing, Doing post) {
    instance
        .func("tell")
        .call((long) realloc.ordinal(), 0L, 0L, (long) doing.ordinal(), (long) post.ordinal());
  }

  private void tell(Doing doing) {
    tell(Realloc.ALLOCATES, doing, Doing.NOTHING);
  }

  // A list of those bytes, and behind it one of two pairs: (1, "ab") and (2, "").
  private void poke(int... bytes) {
    ByteBuffer all = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    all.putInt((int) PLACE + 64).putInt(bytes.length);
    all.putInt((int) PLACE + 16).putInt(2);
    all.putInt(1).putInt((int) PLACE + 40).putInt(2);
    all.putInt(2).putInt((int) PLACE + 40).putInt(0);
    all.position(40).put((byte) 'a').put((byte) 'b');
    for (int i = 0; i < bytes.length; i++) {
      all.put(64 + i, (byte) bytes[i]);
    }
    instance.func("poke").call(PLACE, all.array());
  }

  private static byte[] array(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  private void isSpentBy(Throwable cause) {
    assertThat(instance.isUsable()).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(() -> guest.r1(PLACE))
        .satisfies(thrown -> assertThat(thrown).hasCause(cause));
  }

  private static Throwable thrownBy(Runnable call) {
    try {
      call.run();
    } catch (Throwable thrown) {
      return thrown;
    }
    throw new AssertionError("nothing was thrown");
  }

  @ParameterizedTest
  @EnumSource(names = {"GROWS", "GROWS_TO_THE_LIMIT", "CALLS_AND_GROWS"})
  void aMemoryThatMovesIsFoundAgain(Doing doing) {
    instantiate(true, builder -> builder.memoryReservation(0).memoryReservationForGrowth(0));
    poke(1, 2, 3);
    tell(doing);
    boolean[] within = new boolean[1];
    host =
        () -> {
          if (!within[0]) {
            within[0] = true;
            // The same function: what it knows of the memory is old when the guest has run on.
            assertThat(array(guest.r1(PLACE))).containsExactly(1, 2, 3);
          }
        };
    assertThat(array(guest.r1(PLACE))).containsExactly(1, 2, 3);
    assertThat(guest.r2(PLACE + 8)).hasSize(2);
    tell(Realloc.GROWS, Doing.NOTHING, Doing.NOTHING);
    assertThat(guest.p0(new byte[] {1})).isNotZero();
  }

  @Test
  void whatAHostFunctionWasShownEndsWhenTheGuestRunsOn() {
    instantiate();
    poke(1, 2, 3);
    tell(Doing.CALLS_AND_GROWS);
    List<MemorySegment> seen = new ArrayList<>();
    host =
        () -> {
          host = () -> {};
          seen.add(guest.r1(PLACE));
          assertThat(array(seen.getFirst())).containsExactly(1, 2, 3);
        };
    assertThat(array(guest.r1(PLACE))).containsExactly(1, 2, 3);
    assertThatIllegalStateException()
        .isThrownBy(() -> seen.getFirst().get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void anEndThatWaitedAndTrapsIsTheHostFunctions() {
    instantiate();
    poke(1);
    tell(Realloc.ALLOCATES, Doing.CALLS, Doing.TRAPS);
    host =
        () -> {
          host = () -> {};
          assertThat(array(guest.r0(PLACE))).containsExactly(1);
        };
    Throwable trap = thrownBy(() -> guest.r1(PLACE));
    assertThat(trap).isInstanceOf(TrapException.class);
    isSpentBy(trap);
    store.close(); // no call is under way
  }

  @Test
  void severalEndsWaitForTheirSegments() {
    instantiate();
    poke(1, 2, 3);
    tell(Realloc.ALLOCATES, Doing.NOTHING, Doing.CALLS);
    int[] ended = new int[1];
    host = () -> ended[0]++;
    int[] made = new int[1];
    List<MemorySegment> seen = new ArrayList<>();
    Pair.whenMade =
        () -> {
          if (++made[0] == 2) { // the last one: what it is shown lasts until the list is there
            seen.add(guest.r0(PLACE));
          }
        };
    assertThat(guest.r2(PLACE + 8)).hasSize(2);
    assertThat(array(seen.getFirst())).containsExactly(1, 2, 3);
    assertThat(ended[0]).isZero();
    assertThat(array(guest.r1(PLACE))).containsExactly(1, 2, 3);
    assertThat(ended[0]).isEqualTo(2); // that of r0 and that of r2
    assertThatIllegalStateException()
        .isThrownBy(() -> seen.getFirst().get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void aRecordMayCallTheGuestWhenItIsMade() {
    instantiate(true, builder -> builder.memoryReservation(0));
    poke(1);
    int[] made = new int[1];
    Pair.whenMade =
        () -> {
          if (made[0]++ == 0) {
            tell(Doing.GROWS);
            assertThat(guest.r2(PLACE + 8)).hasSize(2);
            assertThat(array(guest.r1(PLACE))).containsExactly(1);
            tell(Doing.NOTHING);
          }
        };
    assertThat(guest.r2(PLACE + 8)).containsExactly(new Pair(1, "ab"), new Pair(2, ""));
    assertThat(made[0]).isGreaterThan(2);
  }

  @Test
  void aListMayCallTheGuestWhenItIsRead() {
    instantiate();
    List<Pair> pairs = List.of(new Pair(1, "a"), new Pair(2, "bc"));
    long first = guest.p2(pairs);
    long second = guest.p2(pairs);
    poke();
    boolean[] within = new boolean[1];
    long[] inner = new long[1];
    List<Pair> calling =
        new AbstractList<>() {
          @Override
          public Pair get(int index) {
            return pairs.get(index);
          }

          @Override
          public int size() {
            if (!within[0]) {
              within[0] = true;
              inner[0] = guest.p2(pairs);
            }
            return pairs.size();
          }
        };
    assertThat(guest.p2(calling)).isEqualTo(second); // after the other one
    assertThat(inner[0]).isEqualTo(first);
    poke();
    within[0] = false;
    Pair.whenRead =
        () -> {
          Pair.whenRead = () -> {};
          inner[0] = guest.p2(pairs);
        };
    assertThat(guest.p2(pairs)).isEqualTo(second);
    assertThat(inner[0]).isEqualTo(first);
  }

  @Test
  void reallocMayCallAHostThatCallsTheGuest() {
    instantiate();
    tell(Realloc.CALLS, Doing.NOTHING, Doing.NOTHING);
    int[] depth = new int[1];
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      pairs.add(new Pair(i, "text " + i));
    }
    host =
        () -> {
          if (depth[0]++ < 3) {
            assertThat(guest.p2(pairs)).isNotZero();
          }
        };
    assertThat(guest.p2(pairs)).isNotZero();
    assertThat(instance.isUsable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTrapInAPostReturnFunctionIsAnError(boolean direct) {
    instantiate(direct, builder -> builder);
    poke(1);
    tell(Realloc.ALLOCATES, Doing.NOTHING, Doing.TRAPS);
    Throwable trap = thrownBy(() -> guest.r2(PLACE + 8));
    assertThat(trap).isInstanceOf(TrapException.class);
    isSpentBy(trap);
  }

  @ParameterizedTest
  @EnumSource(names = {"TRAPS", "LIES", "MISALIGNS"})
  void aReallocThatFailsSpendsTheStore(Realloc realloc) {
    instantiate();
    instance.func("tell").call((long) realloc.ordinal(), 0L, 65_536L - 7, 0L, 0L);
    Throwable thrown = thrownBy(() -> guest.p2(List.of(new Pair(1, "ab"))));
    assertThat(thrown)
        .isInstanceOf(realloc == Realloc.TRAPS ? TrapException.class : EngineException.class);
    isSpentBy(thrown);
  }

  @Test
  void anExitInReallocIsAnExit() {
    instantiate();
    tell(Realloc.CALLS, Doing.NOTHING, Doing.NOTHING);
    host =
        () -> {
          throw new ExitException(7);
        };
    Throwable exit = thrownBy(() -> guest.p0(new byte[] {1}));
    assertThat(exit)
        .isInstanceOfSatisfying(
            ExitException.class, thrown -> assertThat(thrown.status()).isEqualTo(7));
    isSpentBy(exit);
  }

  @Test
  void aStoreIsNotClosedFromWithin() {
    instantiate();
    tell(Realloc.CALLS, Doing.NOTHING, Doing.NOTHING);
    Throwable[] refused = new Throwable[2];
    host = () -> refused[0] = thrownBy(store::close);
    assertThat(guest.p0(new byte[] {1})).isNotZero();
    assertThat(refused[0]).isInstanceOf(IllegalStateException.class);
    poke(1);
    tell(Doing.NOTHING);
    Pair.whenMade = () -> refused[1] = thrownBy(store::close);
    guest.r2(PLACE + 8);
    assertThat(refused[1]).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptStopsACallWhereverItIs(boolean inRealloc) {
    instantiate(true, builder -> builder.interruptible(true));
    poke(1);
    tell(
        inRealloc ? Realloc.CALLS : Realloc.ALLOCATES,
        inRealloc ? Doing.LOOPS : Doing.CALLS,
        Doing.LOOPS);
    host = Thread.currentThread()::interrupt;
    try {
      assertThatExceptionOfType(StoppedException.class)
          .isThrownBy(
              () -> {
                if (inRealloc) {
                  guest.p0(new byte[] {1});
                } else {
                  guest.r2(PLACE + 8);
                }
              });
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  // More than a half of the time of a call.
  private static void burn() {
    long end = System.nanoTime() + Duration.ofMillis(TIME * 6 / 10).toNanos();
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void reallocAndTheFunctionHaveTheTimeOfOneCall() {
    instantiate(true, builder -> builder.interruptible(true));
    tell(Realloc.CALLS, Doing.CALLS, Doing.NOTHING);
    host = DirectCallsTest::burn;
    store.setTimeout(Duration.ofMillis(TIME));
    assertThatExceptionOfType(StoppedException.class).isThrownBy(() -> guest.p0(new byte[] {1}));
  }

  @Test
  void aFunctionAndItsPostReturnHaveTheTimeOfOneCall() {
    instantiate(true, builder -> builder.interruptible(true));
    poke(1);
    tell(Realloc.ALLOCATES, Doing.CALLS, Doing.CALLS_AND_GROWS);
    host = DirectCallsTest::burn;
    store.setTimeout(Duration.ofMillis(TIME));
    assertThatExceptionOfType(StoppedException.class).isThrownBy(() -> guest.r2(PLACE + 8));
  }

  @Test
  void timeOfTheHostsOwnIsNotCounted() {
    instantiate(true, builder -> builder.interruptible(true));
    poke(1);
    store.setTimeout(Duration.ofMillis(3000));
    Pair.whenMade =
        () -> {
          long end = System.nanoTime() + Duration.ofMillis(1600).toNanos();
          while (System.nanoTime() < end) {
            Thread.onSpinWait();
          }
        };
    assertThat(guest.r2(PLACE + 8)).hasSize(2); // and its post-return function is called
  }

  @Test
  void aCallForWhichTheStackIsTooShortLeavesNothing() throws Exception {
    Throwable[] failure = new Throwable[1];
    int[] refused = new int[1];
    Thread thread =
        new Thread(
            null,
            () -> {
              instantiate();
              descend(refused, failure);
              if (failure[0] == null) {
                failure[0] = catchThrowable(() -> assertThat(guest.p0(new byte[] {1})).isNotZero());
              }
              store.close();
              store = Store.createShared(engine); // to close here
            },
            "small stack",
            1 << 20);
    thread.start();
    thread.join();
    assertThat(failure[0]).isNull();
    assertThat(refused[0]).isGreaterThan(1000);
  }

  // To the end of the stack, and on the way back a call from each depth.
  private void descend(int[] refused, Throwable[] failure) {
    try {
      descend(refused, failure);
    } catch (StackOverflowError end) {
      // Now there is a little more.
    }
    ComponentStore components = instance.componentStore();
    try {
      guest.p0(new byte[] {1});
    } catch (StackOverflowError | TrapException e) {
      refused[0]++;
    }
    if (failure[0] == null && (components.writer().count() != 0 || components.depth() != 0)) {
      failure[0] =
          new AssertionError(components.writer().count() + " parts, depth " + components.depth());
    }
  }

  private long fuelOfCalls(boolean direct) {
    instantiate(direct, builder -> builder.consumeFuel(true));
    store.setFuel(1_000_000);
    poke(1, 2, 3);
    Pair pair = new Pair(7, "some text");
    guest.p2(List.of(pair, pair));
    guest.p2(List.of());
    guest.p0(new byte[1000]);
    guest.r2(PLACE + 8);
    long left = store.fuel();
    store.close();
    engine.close();
    return 1_000_000 - left;
  }

  @Test
  void bothWaysTakeTheSameFuel() {
    assertThat(fuelOfCalls(true)).isEqualTo(fuelOfCalls(false)).isPositive();
  }
}
