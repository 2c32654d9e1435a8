package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.testing.BuiltComponents;
import io.github.wasmtimejvm.testing.ChildJvm;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A component in C whose results do not obey the rules. All cases run in one JVM of their own; each
 * lie ends the guest with an exception, and a fresh one goes on.
 */
class LyingGuestIT {
  public enum Color {
    RED,
    GREEN,
    BLUE
  }

  public enum Perms {
    READ,
    WRITE,
    EXEC
  }

  public enum Answer {
    RIGHT,
    OUTSIDE,
    UNALIGNED,
    TRAPPING,
    ENDLESS
  }

  public interface Thing extends AutoCloseable {
    @Override
    void close();
  }

  public interface Lies {
    boolean aBool(long number);

    int aU8(long number);

    short anS16(long number);

    int aChar(long number);

    Color aColor(long number);

    EnumSet<Perms> somePerms(long number);

    Optional<Long> anOption(long number);

    Result<Long, String> aResult(long number);

    Thing aThing(long handle);

    List<Thing> someThings(long handle);

    String text(long address, long size);

    byte[] bytes(long address, long size);

    long[] numbers(long address, long size);

    List<String> texts(long address, long size);

    String textOf(long address);

    String notUtf8();

    String halfOfAPair();

    void answerWith(Answer answer);

    long take(String text);

    long takeNumbers(long[] numbers);

    String trapAfterwards();

    String loopAfterwards();

    void trap();

    void loop();

    long recurse(long depth);

    long grow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachLieEndsTheGuestAndNotTheProcess(boolean direct) {
    ChildJvm.Result result =
        ChildJvm.with("-Dwasmtimejvm.directAlways=true").run(Cases.class, String.valueOf(direct));
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).as(result.toString()).endsWith("44 lies, all found\n");
  }

  static final class Cases {
    private static final long LARGEST = 0xffff_ffffL;

    private final Engine engine;
    private final Component component;
    private final ComponentLinker linker;
    private int lies;

    private Cases(boolean direct) {
      engine = Engine.builder().interruptible(true).directComponentCalls(direct).build();
      component = BuiltComponents.compile(engine, "lying-c");
      linker = ComponentLinker.create(engine);
    }

    public static void main(String[] args) {
      boolean direct = Boolean.parseBoolean(args[0]);
      Cases test = new Cases(direct);
      assertThat(test.component.callPaths().values().stream().filter(CallPath::isDirect).count())
          .isEqualTo(direct ? 14 : 0);
      test.numbersOutOfRange();
      test.handles();
      test.addresses();
      test.texts();
      test.memoryForArguments();
      test.endlessWork();
      test.component.close();
      test.engine.close();
      System.out.print(test.lies + " lies, all found\n");
    }

    // What the specification lets pass is no lie.
    private void isFine(Consumer<Lies> use) {
      try (Store store = Store.create(engine)) {
        ComponentInstance instance = linker.instantiate(store, component);
        use.accept(instance.as(Lies.class));
        assertThat(instance.isUsable()).isTrue();
      }
    }

    private Throwable isEnded(
        Class<? extends Throwable> type, Consumer<Store> prepare, Consumer<Lies> use) {
      lies++;
      try (Store store = Store.create(engine)) {
        ComponentInstance instance = linker.instantiate(store, component);
        Lies guest = instance.as(Lies.class);
        prepare.accept(store);
        Throwable thrown = catchThrowable(() -> use.accept(guest));
        assertThat(thrown).as("lie %s", lies).isInstanceOf(type);
        assertThat(instance.isUsable()).isFalse();
        assertThatIllegalStateException()
            .isThrownBy(() -> guest.aU8(1))
            .havingCause()
            .isSameAs(thrown);
        return thrown;
      }
    }

    private void isFound(String message, Consumer<Lies> use) {
      assertThat(isEnded(EngineException.class, _ -> {}, use)).hasMessageContaining(message);
      isFine(guest -> assertThat(guest.aU8(255)).isEqualTo(255));
    }

    private void traps(TrapCode code, Consumer<Lies> use) {
      Throwable thrown = isEnded(TrapException.class, _ -> {}, use);
      assertThat(((TrapException) thrown).code()).isEqualTo(code);
    }

    private void isStopped(Consumer<Lies> use) {
      isEnded(StoppedException.class, store -> store.setTimeout(Duration.ofMillis(20)), use);
    }

    private void numbersOutOfRange() {
      isFine(
          guest -> {
            assertThat(guest.aBool(2)).isTrue();
            assertThat(guest.aBool(LARGEST)).isTrue();
            assertThat(guest.aU8(256)).isZero();
            assertThat(guest.aU8(LARGEST)).isEqualTo(255);
            assertThat(guest.anS16(0x1_8000)).isEqualTo(Short.MIN_VALUE);
            assertThat(guest.somePerms(LARGEST)).isEqualTo(EnumSet.allOf(Perms.class));
            assertThat(guest.aChar(0x10_ffff)).isEqualTo(0x10_ffff);
            assertThat(guest.aColor(2)).isEqualTo(Color.BLUE);
            assertThat(guest.anOption(0)).isEmpty();
            assertThat(guest.aResult(0)).isEqualTo(Result.ok(0L));
          });
      for (long number : new long[] {0xd800, 0xdfff, 0x11_0000, LARGEST}) {
        isFound("char", guest -> guest.aChar(number));
      }
      for (long number : new long[] {3, 256, LARGEST}) {
        isFound("discriminant", guest -> guest.aColor(number));
      }
      for (long number : new long[] {2, 255}) {
        isFound("discriminant", guest -> guest.anOption(number));
        isFound("discriminant", guest -> guest.aResult(number));
      }
    }

    private void handles() {
      for (long number : new long[] {0, 1, LARGEST}) {
        isFound("handle", guest -> guest.aThing(number));
        isFound("handle", guest -> guest.someThings(number));
      }
    }

    private void addresses() {
      isFine(
          guest -> {
            assertThat(guest.text(0, 0)).isEmpty();
            assertThat(guest.bytes(0, 60_000)).hasSize(60_000);
            assertThat(guest.numbers(8, 1000)).hasSize(1000);
            assertThat(guest.texts(4, 0)).isEmpty();
          });
      isFound("out of bounds", guest -> guest.text(0xffff_fff0L, 0));
      isFound("out of bounds", guest -> guest.text(0xffff_fff0L, 100));
      isFound("out of bounds", guest -> guest.text(1024, LARGEST));
      isFound("out of bounds", guest -> guest.text(1024, 0x7fff_ffff));
      isFound("out of bounds", guest -> guest.bytes(0xffff_ff00L, 0x100));
      isFound("out of bounds", guest -> guest.bytes(1024, 0x7fff_ffff));
      isFound("aligned", guest -> guest.numbers(1, 1));
      isFound("out of bounds", guest -> guest.numbers(8, 0x2000_0000));
      isFound("out of bounds", guest -> guest.numbers(8, LARGEST));
      isFound("aligned", guest -> guest.texts(2, 1));
      isFound("out of bounds", guest -> guest.texts(1024, 0x2000_0001));
      isFound("out of bounds", guest -> guest.textOf(0xffff_fffcL));
      isFound("aligned", guest -> guest.textOf(1));
    }

    private void texts() {
      isFound("utf-8", Lies::notUtf8);
      isFound("utf-8", Lies::halfOfAPair);
    }

    private static Consumer<Lies> answering(Answer answer, Consumer<Lies> use) {
      return guest -> {
        guest.answerWith(answer);
        use.accept(guest);
      };
    }

    private void memoryForArguments() {
      Consumer<Lies> text = guest -> assertThat(guest.take("hello")).isEqualTo(5);
      Consumer<Lies> numbers = guest -> assertThat(guest.takeNumbers(new long[2])).isEqualTo(2);
      isFine(answering(Answer.RIGHT, text));
      isFine(answering(Answer.RIGHT, numbers));
      isFine(answering(Answer.UNALIGNED, text)); // a text may be anywhere
      isFound("realloc", answering(Answer.UNALIGNED, numbers));
      isFound("realloc", answering(Answer.OUTSIDE, text));
      isFound("realloc", answering(Answer.OUTSIDE, numbers));
      traps(TrapCode.UNREACHABLE_CODE_REACHED, answering(Answer.TRAPPING, text));
      traps(TrapCode.UNREACHABLE_CODE_REACHED, answering(Answer.TRAPPING, numbers));
      traps(TrapCode.UNREACHABLE_CODE_REACHED, guest -> guest.take("x".repeat(100_000)));
      isStopped(answering(Answer.ENDLESS, text));
    }

    private void endlessWork() {
      isFine(guest -> assertThat(guest.recurse(1000)).isNotZero());
      traps(TrapCode.UNREACHABLE_CODE_REACHED, Lies::trap);
      traps(TrapCode.UNREACHABLE_CODE_REACHED, Lies::trapAfterwards);
      traps(TrapCode.STACK_OVERFLOW, guest -> guest.recurse(Long.MAX_VALUE));
      isStopped(Lies::loop);
      isStopped(Lies::loopAfterwards);
      try (Store store = Store.create(engine)) {
        store.limit(StoreLimits.NONE.withMemoryBytes(100 << 16));
        ComponentInstance instance = linker.instantiate(store, component);
        assertThat(instance.as(Lies.class).grow()).isEqualTo(100);
        assertThat(instance.isUsable()).isTrue();
      }
    }
  }
}
