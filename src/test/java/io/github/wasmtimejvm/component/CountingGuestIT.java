package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.BuiltComponents;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A component in C that exports a resource, and counts those that no destructor ran for. */
class CountingGuestIT {
  public interface Counter extends AutoCloseable {
    long add(long n);

    long get();

    @Override
    void close();
  }

  public static final class NoNumberException extends ErrException {
    private static final long serialVersionUID = 1;

    public NoNumberException(String text) {
      super(text);
    }
  }

  public interface Counters {
    Counter newCounter(long start);

    Counter counterMerge(Counter a, Counter b);

    Counter counterParse(String text) throws NoNumberException;

    Counter id(Counter c);

    long peek(Counter c);

    long finish(Counter c);

    long sum(List<Counter> counters);

    List<Counter> several(long n);

    Optional<Counter> maybe(Optional<Counter> c);

    long live();
  }

  private static Engine engine;
  private static Component component;

  private Store store;
  private Counters counters;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    component = BuiltComponents.compile(engine, "counting-c");
  }

  @AfterAll
  static void closeEngine() {
    component.close();
    engine.close();
  }

  @BeforeEach
  void instantiate() {
    store = Store.create(engine);
    counters = ComponentLinker.create(engine).instantiate(store, component).as(Counters.class);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void isRefused(Counter counter) {
    assertThatIllegalArgumentException().isThrownBy(counter::get);
    assertThatIllegalArgumentException().isThrownBy(() -> counters.peek(counter));
    assertThatIllegalArgumentException().isThrownBy(() -> counters.id(counter));
    assertThatIllegalArgumentException().isThrownBy(() -> counters.sum(List.of(counter)));
  }

  @Test
  void closingRunsTheDestructorOnce() {
    Counter counter = counters.newCounter(40);
    assertThat(counter.add(2)).isEqualTo(42);
    assertThat(counter.get()).isEqualTo(42);
    assertThat(counters.peek(counter)).isEqualTo(42);
    assertThat(counters.live()).isEqualTo(1);

    counter.close();
    counter.close();

    assertThat(counters.live()).isZero();
    isRefused(counter);
  }

  @Test
  void whatIsHandedOverIsTheGuests() {
    Counter a = counters.newCounter(1);
    Counter b = counters.newCounter(2);

    try (Counter merged = counters.counterMerge(a, b)) {
      assertThat(merged.get()).isEqualTo(3);
      assertThat(b.get()).isEqualTo(2);
      isRefused(a);
      assertThat(counters.live()).isEqualTo(2);
    }
    assertThat(counters.finish(b)).isEqualTo(2);
    isRefused(b);
    assertThat(counters.live()).isZero();
  }

  @Test
  void whatComesBackIsANewHandle() {
    Counter counter = counters.newCounter(5);
    try (Counter back = counters.id(counter)) {
      isRefused(counter);
      assertThat(back.get()).isEqualTo(5);
      counter.close();
      assertThat(back.get()).as("closing the old handle does nothing").isEqualTo(5);
    }
    assertThat(counters.live()).isZero();
  }

  @Test
  void resourcesAreInsideListsOptionsAndResults() throws NoNumberException {
    List<Counter> several = counters.several(10);
    assertThat(several)
        .extracting(Counter::get)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(counters.sum(several)).isEqualTo(45);
    assertThat(counters.sum(List.of())).isZero();
    assertThat(counters.live()).isEqualTo(10);
    several.forEach(Counter::close);
    assertThat(counters.live()).isZero();

    assertThat(counters.maybe(Optional.empty())).isEmpty();
    try (Counter some = counters.maybe(Optional.of(counters.newCounter(7))).orElseThrow()) {
      assertThat(some.get()).isEqualTo(7);
    }
    try (Counter parsed = counters.counterParse("4711")) {
      assertThat(parsed.get()).isEqualTo(4711);
    }
    assertThatExceptionOfType(NoNumberException.class)
        .isThrownBy(() -> counters.counterParse("47 and 11"))
        .satisfies(e -> assertThat(e.error()).isEqualTo("47 and 11"));
    assertThat(counters.live()).isZero();
  }

  @Test
  void aHandleMayBeLentTwiceInOneCall() {
    try (Counter counter = counters.newCounter(4)) {
      assertThat(counters.sum(List.of(counter, counter))).isEqualTo(8);
    }
    assertThat(counters.live()).isZero();
  }

  @Test
  void manyLiveAtOnceAndAreDroppedInAnyOrder() {
    List<Counter> many = counters.several(5000);
    for (int i = 0; i < many.size(); i += 2) {
      many.get(i).close();
    }
    assertThat(counters.live()).isEqualTo(2500);
    assertThat(many.get(4999).add(1)).isEqualTo(5000);
    many.reversed().forEach(Counter::close);
    assertThat(counters.live()).isZero();
  }
}
