package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Caller;
import io.github.wasmtimejvm.Export;
import io.github.wasmtimejvm.V128;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Interfaces to see guests and host functions through, good ones and bad ones. */
final class Shapes {
  /** No parameters, no result. */
  public interface Nothing {
    void call();
  }

  /** As many host functions are. */
  public interface IntToInt {
    int call(int value);
  }

  /** Two numbers. */
  public interface TwoInts {
    int call(int first, int second);
  }

  /** Of a host function that wants its caller. */
  public interface WithCaller {
    int call(Caller caller, int value) throws Exception;
  }

  /** Several results. */
  public interface Mixed {
    Object[] call(int a, long b, float c, double d, V128 e);
  }

  /** A reference. */
  public interface Reference {
    @Nullable Object call(@Nullable Object value);
  }

  /** A whole guest. */
  public interface Guest {
    void run();

    int add(int a, int b);

    @Export("through")
    int calls(int value);

    default int twice(int value) {
      return add(value, value);
    }
  }

  /** No interface of functions. */
  public interface Generic<T> {
    T call(List<T> values);
  }

  /** Nobody but us may implement it. */
  public sealed interface Sealed permits OnlyOne {
    int call(int value);
  }

  /** The only one. */
  public record OnlyOne() implements Sealed {
    @Override
    public int call(int value) {
      return value;
    }
  }

  /** Not public. */
  interface Hidden {
    int call(int value);
  }

  /** Those that can be called. */
  static final List<Class<?>> GOOD =
      List.of(
          Nothing.class,
          IntToInt.class,
          TwoInts.class,
          WithCaller.class,
          Mixed.class,
          Reference.class,
          Guest.class,
          Runnable.class,
          java.util.function.IntUnaryOperator.class,
          java.util.function.IntBinaryOperator.class);

  /** All. */
  static final List<Class<?>> ALL =
      java.util.stream.Stream.concat(
              GOOD.stream(),
              java.util.stream.Stream.of(
                  Generic.class,
                  Sealed.class,
                  Hidden.class,
                  String.class,
                  int.class,
                  Object[].class,
                  Comparable.class,
                  Override.class))
          .toList();

  private Shapes() {}
}
