package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.GuestException;
import io.github.wasmtimejvm.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What hostile callers hand to the library to be called back. */
final class Callbacks {
  /** Makes some further calls, from within a callback. */
  interface Nested {
    void steps(Random random, int depth);

    /** Calls a method of that object. */
    void use(Object object, Random random, int depth);
  }

  private static final int MAX_DEPTH = 3;

  private final Sequence sequence;
  private final Nested nested;

  Callbacks(Sequence sequence, Nested nested) {
    this.sequence = sequence;
    this.nested = nested;
  }

  /** An object of that interface. */
  <T> T of(Class<T> type, Random random, int depth) {
    Random own = new Random(random.nextLong());
    InvocationHandler handler =
        (proxy, method, arguments) -> answer(proxy, method, arguments, own, depth);
    return type.cast(
        Proxy.newProxyInstance(Callbacks.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private @Nullable Object answer(
      Object proxy, Method method, Object @Nullable [] arguments, Random random, int depth)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> arguments != null && proxy == arguments[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> "callback";
      };
    }
    if (arguments != null) {
      for (Object argument : arguments) {
        sequence.pool.add(argument, random); // valid during this call only, and used after it
      }
    }
    if (arguments != null && depth < MAX_DEPTH && random.nextInt(4) == 0) {
      for (Object argument : arguments) {
        if (argument != null && sequence.takeCallback()) {
          nested.use(argument, random, depth + 1);
        }
      }
    }
    sequence.count("callback", method.getDeclaringClass().getSimpleName());
    misbehave(random, depth);
    if (method.isDefault() && random.nextBoolean()) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    return result(method.getReturnType(), arguments, random);
  }

  /** Does something that one should not, or nothing. */
  void misbehave(Random random, int depth) throws Throwable {
    if (!sequence.takeCallback()) {
      return;
    }
    switch (random.nextInt(24)) {
      case 0 -> throw new Sequence.Injected("injected");
      case 1 -> throw new Sequence.InjectedError("injected");
      case 2 -> throw new Sequence.InjectedChecked("injected");
      case 3 -> {
        if (random.nextInt(4) == 0) { // it takes a while
          throw new AssertionError(recurse(0));
        }
      }
      case 4 -> throw new AssertionError(new byte[Integer.MAX_VALUE]);
      case 5 -> {
        if (random.nextInt(10) == 0) {
          fillHeap();
        }
      }
      case 6 -> throwing(random);
      case 7 -> throw new ExitException(random.nextInt());
      case 8 -> Thread.currentThread().interrupt();
      case 9 -> {
        if (random.nextInt(20) == 0) {
          System.gc();
        }
      }
      case 10, 11, 12, 13, 14 -> {
        if (depth < MAX_DEPTH && sequence.alone) {
          nested.steps(random, depth + 1);
        }
      }
      case 15 -> close(random);
      case 16 -> {
        if (depth < MAX_DEPTH && sequence.alone) {
          // It may want a lock that we hold: then it goes on when we have gone on.
          Random own = new Random(random.nextLong());
          sequence.start(() -> nested.steps(own, depth + 1)).join(20);
        }
      }
      default -> {}
    }
  }

  // Often what is in use just now.
  private void close(Random random) throws Exception {
    AutoCloseable open = sequence.pool.any(AutoCloseable.class, random);
    if (open != null) {
      open.close();
    }
  }

  private void throwing(Random random) throws Throwable {
    Throwable known = sequence.pool.any(Throwable.class, random);
    if (known != null && random.nextBoolean()) {
      throw sequence.thrownByCallback(known);
    }
    Tag tag = sequence.pool.any(Tag.class, random);
    if (tag != null) {
      throw new GuestException(tag, random.nextInt());
    }
  }

  private static int recurse(int n) {
    return recurse(n + 1) + 1;
  }

  private static void fillHeap() {
    if (Runtime.getRuntime().maxMemory() > 100 << 20) {
      return; // it takes too long
    }
    List<byte[]> kept = new ArrayList<>();
    while (true) {
      kept.add(new byte[1 << 16]);
    }
  }

  private @Nullable Object result(Class<?> type, Object @Nullable [] arguments, Random random) {
    if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == int.class) {
      return random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(100);
    } else if (type == long.class) {
      return random.nextInt(4) == 0 ? random.nextLong() : random.nextLong(1000);
    } else if (type == float.class) {
      return random.nextFloat();
    } else if (type == double.class) {
      return random.nextDouble();
    } else if (type == void.class) {
      return null;
    } else if (type != Object.class) {
      Object known = sequence.pool.any(type, random);
      if (known == null) {
        sequence.noteNull();
      }
      return known;
    }
    return anything(arguments, random);
  }

  // Often the one number that most host functions return.
  private @Nullable Object anything(Object @Nullable [] arguments, Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> {
        sequence.noteNull();
        yield null;
      }
      case 1 -> random.nextLong();
      case 2 -> new Object[] {random.nextInt(), null};
      case 3 -> sequence.pool.any(Object.class, random);
      case 4 -> arguments != null && arguments.length > 1 ? arguments[1] : "text";
      default -> random.nextInt(1000);
    };
  }

  /** A stream for a guest's standard input. */
  InputStream input(Random random, int depth) {
    Random own = new Random(random.nextLong());
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        misbehaveInStream(own, depth);
        return switch (own.nextInt(10)) {
          case 0 -> -1;
          case 1 -> 0;
          case 2 -> length + 1;
          case 3 -> Integer.MIN_VALUE;
          default -> length == 0 ? 0 : own.nextInt(length) + 1;
        };
      }

      @Override
      public int available() throws IOException {
        misbehaveInStream(own, depth);
        return own.nextInt(5) - 1;
      }
    };
  }

  /** A stream for a guest's output. */
  OutputStream output(Random random, int depth) {
    Random own = new Random(random.nextLong());
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        misbehaveInStream(own, depth);
      }

      @Override
      public void flush() throws IOException {
        misbehaveInStream(own, depth);
      }
    };
  }

  private void misbehaveInStream(Random random, int depth) throws IOException {
    if (random.nextInt(20) == 0) {
      throw new IOException("injected");
    }
    try {
      misbehave(random, depth);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IOException(t);
    }
  }
}
