package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.testing.BuiltComponents;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A component in C that uses a resource of Java's in every way, wrong ones too. */
class BlobbingGuestIT {
  /** An object of Java's that guests hold. */
  public static final class Blob implements AutoCloseable {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private int closes;

    Blob(byte... content) {
      append(content);
    }

    public long size() {
      return content.size();
    }

    public byte[] read(long n) {
      return Arrays.copyOf(content.toByteArray(), (int) Math.min(n, content.size()));
    }

    public void append(byte[] more) {
      content.writeBytes(more);
    }

    @Override
    public void close() {
      closes++;
    }
  }

  public static final class MissingException extends ErrException {
    private static final long serialVersionUID = 1;

    public MissingException(String error) {
      super(error);
    }
  }

  @WitName("test:resources/blobs@1.0.0")
  public interface Blobs {
    Blob newBlob(byte[] content);

    Blob blobConcat(Blob a, Blob b);

    Blob blobOpen(String name) throws MissingException;

    long consume(Blob b);

    long look(Blob b);
  }

  public interface Tasks {
    Blob make(byte[] content);

    List<Blob> makeSeveral(long n);

    Blob id(Blob b);

    long size(Blob b);

    int[] sizes(List<Blob> blobs);

    byte[] extend(Blob b, byte[] content);

    long finish(Blob b);

    long pass(byte[] content);

    long passOn(Blob b);

    long lend(byte[] content);

    long lendOn(Blob b);

    Blob concat(Blob a, Blob b);

    Blob open(String name) throws MissingException;

    void churn(long n);

    void leak(long n);

    void keep(Blob b);

    Optional<Long> keptSize();

    Optional<Blob> giveBack();

    void dropKept();

    void keepBorrow(Blob b);

    void dropTwice(Blob b);

    long useAfterDrop(Blob b);

    long useAfterPass(Blob b);

    long useOfNothing();
  }

  private final class Implementation implements Blobs {
    private Blob made(Blob blob) {
      made.add(blob);
      return blob;
    }

    @Override
    public Blob newBlob(byte[] content) {
      return made(new Blob(content));
    }

    @Override
    public Blob blobConcat(Blob a, Blob b) {
      Blob both = new Blob(a.content.toByteArray());
      both.append(b.content.toByteArray());
      return made(both);
    }

    @Override
    public Blob blobOpen(String name) throws MissingException {
      if (!name.equals("file")) {
        throw new MissingException("there is no " + name);
      }
      return made(new Blob((byte) 1, (byte) 2));
    }

    @Override
    public long consume(Blob b) {
      consumed.add(b);
      return b.size();
    }

    @Override
    public long look(Blob b) {
      looked.add(b);
      return b.size();
    }
  }

  private static final byte[] THREE = {1, -2, 3};

  private static Engine engine;
  private static Component component;

  private final List<Blob> made = new ArrayList<>();
  private final List<Blob> consumed = new ArrayList<>();
  private final List<Blob> looked = new ArrayList<>();
  private Store store;
  private ComponentInstance instance;
  private Tasks tasks;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    component = BuiltComponents.compile(engine, "blobbing-c");
  }

  @AfterAll
  static void closeEngine() {
    component.close();
    engine.close();
  }

  @BeforeEach
  void openStore() {
    store = instantiate();
  }

  private Store instantiate() {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(Blobs.class, new Implementation());
    Store fresh = Store.create(engine);
    instance = linker.instantiate(fresh, component);
    tasks = instance.as(Tasks.class);
    return fresh;
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static void assertCloses(int closes, Blob... blobs) {
    assertThat(blobs).extracting(blob -> blob.closes).containsOnly(closes);
  }

  @Test
  void whatTheGuestMakesIsTheObject() {
    Blob blob = tasks.make(THREE);
    assertThat(made).containsExactly(blob);
    assertThat(blob.read(9)).isEqualTo(THREE);

    List<Blob> several = tasks.makeSeveral(3);
    assertThat(several).isEqualTo(made.subList(1, 4));
    assertThat(several)
        .extracting(one -> one.read(9)[0])
        .containsExactly((byte) 0, (byte) 1, (byte) 2);
    store.close();
    assertCloses(0, made.toArray(Blob[]::new));
  }

  @Test
  void oneThatIsLentIsUsedByItsMethods() {
    Blob blob = new Blob(THREE);
    assertThat(tasks.size(blob)).isEqualTo(3);
    assertThat(tasks.sizes(List.of(blob, new Blob(), blob))).containsExactly(3, 0, 3);
    assertThat(tasks.extend(blob, new byte[] {4})).containsExactly(1, -2, 3, 4);
    assertThat(tasks.lendOn(blob)).isEqualTo(4);
    assertThat(looked).containsExactly(blob);
    assertCloses(0, blob);
  }

  @Test
  void oneThatIsHandedOverIsClosedByTheGuestOrHandedBack() {
    Blob dropped = new Blob(THREE);
    assertThat(tasks.finish(dropped)).isEqualTo(3);
    assertCloses(1, dropped);

    Blob returned = new Blob(THREE);
    assertThat(tasks.id(returned)).isSameAs(returned);
    Blob passedOn = new Blob(THREE);
    assertThat(tasks.passOn(passedOn)).isEqualTo(3);
    assertThat(tasks.pass(THREE)).isEqualTo(3);
    assertThat(consumed).containsExactly(passedOn, made.getFirst());
    store.close();
    assertCloses(0, returned, passedOn, made.getFirst());
  }

  @Test
  void oneOfTheGuestsIsLentToJava() {
    assertThat(tasks.lend(THREE)).isEqualTo(3);
    assertThat(looked).containsExactly(made.getFirst(), made.getFirst());
    assertCloses(1, made.getFirst());
  }

  @Test
  void staticFunctionsTakeAndMakeThem() throws MissingException {
    Blob a = new Blob(THREE);
    Blob b = new Blob((byte) 9);
    assertThat(tasks.concat(a, b).read(9)).containsExactly(1, -2, 3, 9);
    assertCloses(0, a); // Java's function was given it
    assertCloses(1, b);

    assertThat(tasks.open("file")).isSameAs(made.getLast());
    assertThatExceptionOfType(MissingException.class)
        .isThrownBy(() -> tasks.open("folder"))
        .satisfies(e -> assertThat(e.error()).isEqualTo("there is no folder"));
    assertThat(instance.isUsable()).isTrue();
  }

  @Test
  void oneThatTheGuestKeepsIsClosedWhenItDropsIt() {
    assertThat(tasks.keptSize()).isEmpty();
    Blob first = new Blob(THREE);
    Blob second = new Blob();
    tasks.keep(first);
    assertThat(tasks.keptSize()).hasValue(3L);
    tasks.keep(second);
    assertCloses(1, first);
    assertThat(tasks.keptSize()).hasValue(0L);
    assertThat(tasks.giveBack()).containsSame(second);
    assertThat(tasks.giveBack()).isEmpty();
    tasks.keep(second);
    tasks.dropKept();
    tasks.dropKept();
    assertCloses(1, first, second);
  }

  @Test
  void whatTheGuestNeverDropsIsClosedWithTheStore() {
    tasks.churn(1000);
    assertCloses(1, made.toArray(Blob[]::new));
    tasks.leak(1000);
    assertCloses(0, made.subList(1000, 2000).toArray(Blob[]::new));
    store.close();
    assertThat(made).hasSize(2000);
    assertCloses(1, made.toArray(Blob[]::new));
  }

  @TestFactory
  Stream<DynamicTest> aWrongUseEndsTheGuestAndNothingIsClosedTwice() {
    return Stream.of(
        wrong("a borrow is kept", blob -> tasks.keepBorrow(blob), 0),
        wrong("one is dropped twice", blob -> tasks.dropTwice(blob), 1),
        wrong("one is used after the drop", blob -> tasks.useAfterDrop(blob), 1),
        wrong("one is used after it was handed over", blob -> tasks.useAfterPass(blob), 0),
        wrong("a number is no handle", _ -> tasks.useOfNothing(), 0));
  }

  private DynamicTest wrong(String name, Consumer<Blob> use, int closes) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          Store own = instantiate();
          try {
            Blob kept = new Blob();
            tasks.keep(kept);
            Blob given = new Blob(THREE);

            WasmtimeException first =
                catchThrowableOfType(WasmtimeException.class, () -> use.accept(given));
            assertThat(first).hasMessageContaining("handle");
            assertThat(instance.isUsable()).isFalse();
            assertThatIllegalStateException()
                .isThrownBy(tasks::keptSize)
                .havingCause()
                .isSameAs(first);
            own.close();
            assertCloses(closes, given);
            assertCloses(1, kept);
          } finally {
            own.close();
          }
        });
  }
}
