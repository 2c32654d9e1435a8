package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.testing.ChildLoader;
import io.github.wasmtimejvm.testing.EngineFixture;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An instance as an object of an interface. */
public class InstanceInterfaceTest {
  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private final Store store = fixture.newStore();
  private final Instance instance =
      Instance.create(
          store, fixture.compile(InstanceInterfaceTest.class, "instance-interface.wat"));

  /** What its numbers do. */
  public interface Adds {
    int add(int a, int b);
  }

  /** All that it has. */
  public interface All extends Adds {
    @Export("sub-float")
    double subtract(double a, double b);

    @Export("")
    int nameless();

    Memory memory();

    Table table();

    Global global();

    Tag tag();

    Object object();

    default int three() {
      return add(1, 2);
    }

    static int four() {
      return 4;
    }
  }

  @Test
  void hasAllExports() {
    All all = instance.as(All.class);
    assertThat(all.add(1, 2)).isEqualTo(3);
    assertThat(all.three()).isEqualTo(3);
    assertThat(All.four()).isEqualTo(4);
    assertThat(all.subtract(1, 3)).isEqualTo(-2);
    assertThat(all.nameless()).isEqualTo(5);
    assertThat(all.memory().size()).isEqualTo(1);
    assertThat(all.table().store()).isSameAs(store);
    assertThat(all.global().store()).isSameAs(store);
    assertThat(all.tag().type().payload()).isEqualTo(FuncType.of());
    assertThat(all.object()).isNull();
    assertThat(instance.as(Adds.class).add(3, 4)).isEqualTo(7);
  }

  private interface Hidden {
    int add(int a, int b);
  }

  @Test
  void mayBeHiddenWithALookup() {
    assertThat(instance.as(MethodHandles.lookup(), Hidden.class).add(1, 2)).isEqualTo(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(Hidden.class))
        .withMessageContaining("MethodHandles.lookup()");
  }

  /** With a method too many. */
  public interface Missing {
    int subtract(int a, int b);
  }

  @Test
  void aMissingExportIsNamedWithThoseThereAre() {
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> instance.as(Missing.class))
        .withMessageContaining("\"subtract\"")
        .withMessageContaining("sub-float");
  }

  /** With another type. */
  public interface Misfit {
    long add(int a, int b);
  }

  /** No memory. */
  public interface FunctionForMemory {
    int memory();
  }

  /** Any object, but not a memory of the guest. */
  public interface ObjectForMemory {
    Object memory();
  }

  /** No function. */
  public interface MemoryForFunction {
    @Export("other")
    Memory function();
  }

  /** Too many parameters. */
  public interface MemoryWithParameter {
    Memory memory(int page);
  }

  @Test
  void aMethodThatDoesNotFitIsToldWithBothTypes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(Misfit.class))
        .withMessageContaining("(i32, i32) -> (i32)")
        .withMessageContaining("(int, int) -> long")
        .withMessageContaining("Misfit.add");
    for (Class<?> misfit :
        new Class<?>[] {
          FunctionForMemory.class,
          ObjectForMemory.class,
          MemoryForFunction.class,
          MemoryWithParameter.class
        }) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> instance.as(misfit))
          .withMessageContaining(misfit.getName())
          .withMessageContaining("does not fit");
    }
  }

  @Test
  void theInterfaceMayBeOfAnotherClassLoader() throws Exception {
    Class<?> adds = new ChildLoader().defineAgain(Adds.class);
    assertThat(adds).isNotSameAs(Adds.class);
    Method add = adds.getMethod("add", int.class, int.class);
    assertThat(add.invoke(instance.as(adds), 1, 2)).isEqualTo(3);
    assertThatIllegalArgumentException()
        .as("a lookup that sees another interface of the name")
        .isThrownBy(() -> instance.as(MethodHandles.lookup(), adds));
  }
}
