package io.github.wasmtimejvm.interfaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.interfaces.InterfaceClass.Code;
import io.github.wasmtimejvm.interfaces.InterfaceClass.Leading;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Classes for interfaces, whose methods are any handles. */
class InterfaceClassTest {
  /** One method of each kind. */
  public interface Mixed {
    String join(String end);

    long sum(int argument);
  }

  /** Has a type that only this package sees. */
  public interface Hidden {
    Secret secret();
  }

  record Secret() {}

  private static String join(List<String> own, String end) {
    return String.join("-", own) + end;
  }

  private static long sum(Object shared, long number, long first, long second, int argument) {
    return shared.hashCode() + number + first + second + argument;
  }

  private static Code code(String name) throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    MethodType type =
        name.equals("join")
            ? MethodType.methodType(String.class, List.class, String.class)
            : MethodType.methodType(
                long.class, Object.class, long.class, long.class, long.class, int.class);
    MethodHandle handle = lookup.findStatic(InterfaceClassTest.class, name, type);
    return new Code(name.equals("join") ? Leading.OBJECT : Leading.NUMBERS, handle);
  }

  private static InterfaceClass<Mixed> mixed(Object kept) {
    return new InterfaceClass<>(
        Mixed.class,
        null,
        (method, _) -> {
          try {
            return code(method.getName());
          } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
          }
        },
        kept);
  }

  @Test
  void eachMethodGetsWhatTheObjectKeepsAndThenItsArguments() {
    InterfaceClass<Mixed> generated = mixed("");
    boolean joinFirst = generated.methods().getFirst().getName().equals("join");
    int join = joinFirst ? 0 : 1;
    int sum = 1 - join;
    Object[] objects = new Object[2];
    objects[join] = List.of("a", "b");
    long[] first = new long[2];
    first[sum] = 100;
    long[] second = new long[2];
    second[sum] = 1000;

    Mixed one = generated.instantiate(1, 10, objects, first, second);
    first[sum] = 0;
    Mixed other = generated.instantiate(2, 20, objects, first, second);

    assertThat(one.join("!")).isEqualTo("a-b!");
    assertThat(one.sum(10_000)).isEqualTo(11_111);
    assertThat(other.sum(0)).isEqualTo(1022);
    assertThat(other).hasSameClassAs(one);
  }

  @Test
  void typesThatTheClassCannotSeeAreRefusedWithoutALookup() {
    InterfaceClass.CodeFinder never =
        (method, _) -> {
          throw new AssertionError(method);
        };
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InterfaceClass<>(Hidden.class, null, never, ""))
        .withMessageContaining("Hidden.secret () -> " + Secret.class.getTypeName())
        .withMessageContaining("give a lookup");
  }
}
