package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Export;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.I31;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.V128;
import io.github.wasmtimejvm.testing.Guests;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Arguments for any public method: mostly of use, often on the edge, sometimes wrong. */
final class Arguments {
  private static final int[] EDGES = {
    0, 1, -1, 2, 7, 16, 255, 256, 1024, 65535, 65536, 65537, Integer.MAX_VALUE, Integer.MIN_VALUE
  };
  private static final List<String> NAMES =
      List.of(
          "host",
          "f",
          "g",
          "r",
          "run",
          "add",
          "memory",
          "table",
          "global",
          "tag",
          "_start",
          "_initialize",
          "",
          "wasi_snapshot_preview1",
          "fd_write",
          "proc_exit",
          "pulley64",
          "x86_64-unknown-linux-gnu",
          "enable_alias_analysis",
          "has_avx2",
          "true",
          "nul\0inside",
          "\ud800",
          "ü𝄞",
          "x".repeat(70_000));
  private static final int MAX_DEPTH = 3;

  private final Sequence sequence;
  private final Callbacks callbacks;
  private final List<Executable> api;
  private final Path folder;
  private final Path compiled;

  /**
   * @param folder where paths point to
   * @param compiled a file for {@code deserializeFile} alone, for whoever writes into it while it
   *     is mapped ends the process
   */
  Arguments(
      Sequence sequence, Callbacks callbacks, List<Executable> api, Path folder, Path compiled) {
    this.sequence = sequence;
    this.callbacks = callbacks;
    this.api = api;
    this.folder = folder;
    this.compiled = compiled;
  }

  /** Arguments for a call of that method on that receiver. */
  @Nullable Object[] of(
      Executable executable, @Nullable Object receiver, Random random, int depth) {
    Type[] types = executable.getGenericParameterTypes();
    @Nullable Object[] arguments = new @Nullable Object[types.length];
    Class<?> chosen = null;
    for (int i = 0; i < types.length; i++) {
      if (types[i] instanceof TypeVariable<?> && chosen != null && chosen.isInterface()) {
        arguments[i] = implementation(chosen, random, depth);
      } else if (i == 0 && executable.isVarArgs() && receiver instanceof Func func) {
        arguments[i] = forCall(func, random);
      } else {
        arguments[i] = value(types[i], executable.getName(), random, depth, 0);
      }
      if (arguments[i] instanceof Class<?> type) {
        chosen = type;
      }
    }
    if (random.nextInt(3) > 0) {
      new Fitting(sequence, random).fit(executable, receiver, arguments);
    }
    new ComponentFitting(sequence, random).bound(executable, arguments);
    return arguments;
  }

  // A proxy cannot implement what is sealed or hidden from it.
  private @Nullable Object implementation(Class<?> type, Random random, int depth) {
    if (type.isSealed() || type.isAnnotation() || !Modifier.isPublic(type.getModifiers())) {
      return null;
    }
    return callbacks.of(type, random, depth);
  }

  /** Arguments for a guest's function, mostly of its types. */
  @Nullable Object[] forCall(Func func, Random random) {
    if (random.nextInt(8) == 0) {
      return array(Object.class, "call", random, 0, 0);
    }
    FuncType type;
    try {
      type = func.type();
    } catch (IllegalStateException
        | WrongThreadException
        | StackOverflowError
        | OutOfMemoryError e) {
      return new Object[0];
    }
    return new Fitting(sequence, random).values(type.params());
  }

  /** A number on the edge of something, or a small one. */
  static int number(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> EDGES[random.nextInt(EDGES.length)];
      case 1 -> random.nextInt();
      default -> random.nextInt(40) - 4;
    };
  }

  /** An object to call a method of, {@code null} if there is no way to one. */
  @Nullable Object receiver(Class<?> type, Random random, int depth) {
    return make(type, "", random, depth, 0);
  }

  private @Nullable Object value(Type type, String method, Random random, int depth, int made) {
    return switch (type) {
      case Class<?> c -> value(c, method, random, depth, made);
      case ParameterizedType p -> value(p, method, random, depth, made);
      case WildcardType w -> value(w.getUpperBounds()[0], method, random, depth, made);
      case TypeVariable<?> _ -> sequence.pool.any(Object.class, random);
      default -> array(Object.class, method, random, depth, made);
    };
  }

  private @Nullable Object value(
      ParameterizedType type, String method, Random random, int depth, int made) {
    if (random.nextInt(30) == 0) {
      return null;
    }
    Class<?> raw = (Class<?>) type.getRawType();
    Type last = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
    if (raw == List.class || raw == Set.class || raw == Iterable.class) {
      List<@Nullable Object> list = new ArrayList<>();
      for (int n = random.nextInt(5); n > 0; n--) {
        list.add(value(last, method, random, depth, made + 1));
      }
      return raw == Set.class ? new LinkedHashSet<>(list) : list;
    } else if (raw == Map.class) {
      Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        map.put(name(random), value(last, method, random, depth, made + 1));
      }
      return map;
    } else if (raw == Optional.class) {
      return Optional.ofNullable(value(last, method, random, depth, made + 1));
    } else if (raw == Class.class) {
      return Shapes.ALL.get(random.nextInt(Shapes.ALL.size()));
    }
    return value(raw, method, random, depth, made);
  }

  private @Nullable Object value(Class<?> type, String method, Random random, int depth, int made) {
    if (type == int.class) {
      return number(random);
    } else if (type == long.class) {
      return random.nextInt(8) == 0 ? random.nextLong() : (long) number(random);
    } else if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == byte.class) {
      return (byte) random.nextInt();
    } else if (type == float.class) {
      return random.nextFloat();
    } else if (type == double.class) {
      return random.nextDouble();
    } else if (random.nextInt(30) == 0) {
      return null;
    } else if (type == String.class) {
      return text(method, random);
    } else if (type == byte[].class) {
      return bytes(random);
    } else if (type.isArray() && type.componentType().isPrimitive()) {
      return Array.newInstance(type.componentType(), random.nextInt(20));
    } else if (type.isArray()) {
      return array(type.getComponentType(), method, random, depth, made);
    } else if (type == StoreLimits.class) {
      return limits(random); // what a sequence may take is not for it to say
    }
    Object known = random.nextInt(5) == 0 ? null : sequence.pool.any(type, random);
    return known != null ? known : make(type, method, random, depth, made);
  }

  static StoreLimits limits(Random random) {
    return new StoreLimits(
        random.nextInt(16 << 20),
        random.nextInt(10_000),
        random.nextInt(20),
        random.nextInt(20),
        random.nextInt(20));
  }

  private @Nullable Object make(Class<?> type, String method, Random random, int depth, int made) {
    if (type == Path.class) {
      return path(method, random);
    } else if (type == Duration.class) {
      return switch (random.nextInt(6)) {
        case 0 -> Duration.ZERO;
        case 1 -> Duration.ofNanos(number(random));
        case 2 -> Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
        case 3 -> Duration.ofSeconds(Long.MIN_VALUE);
        default -> Duration.ofMillis(random.nextInt(50));
      };
    } else if (type == Instant.class) {
      return switch (random.nextInt(3)) {
        case 0 -> Instant.MAX;
        case 1 -> Instant.MIN;
        default -> Instant.ofEpochSecond(number(random));
      };
    } else if (type == OptionalLong.class) {
      return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(number(random));
    } else if (type == OptionalInt.class) {
      return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(number(random));
    } else if (type == MethodHandles.Lookup.class) {
      return switch (random.nextInt(3)) {
        case 0 -> MethodHandles.publicLookup();
        case 1 -> Guests.lookup();
        default -> MethodHandles.lookup();
      };
    } else if (type == InputStream.class) {
      return callbacks.input(random, depth);
    } else if (type == OutputStream.class) {
      return callbacks.output(random, depth);
    } else if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[random.nextInt(constants.length)];
    } else if (type == Object.class) {
      return object(random);
    } else if (Modifier.isInterface(type.getModifiers())
        && !type.isSealed()
        && type != Export.class
        && !type.isAnnotation()
        && random.nextInt(10) != 0) {
      return callbacks.of(type, random, depth);
    }
    return byItsOwnApi(type, method, random, depth, made);
  }

  private @Nullable Object object(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> number(random);
      case 1 -> random.nextLong();
      case 2 -> random.nextFloat();
      case 3 -> random.nextDouble();
      case 4 -> new V128(1, 2);
      case 5 -> I31.wrap(random.nextInt());
      case 6 -> new Object();
      case 7 -> new Object[] {1, "two", null};
      default -> "text";
    };
  }

  // By one of the public methods that return it.
  private @Nullable Object byItsOwnApi(
      Class<?> type, String method, Random random, int depth, int made) {
    if (made >= MAX_DEPTH) {
      return sequence.pool.any(type, random);
    }
    List<Executable> ways = new ArrayList<>();
    for (Executable way : api) {
      if (way instanceof Constructor<?> constructor
          ? type.isAssignableFrom(constructor.getDeclaringClass())
          : Modifier.isStatic(way.getModifiers())
              && type.isAssignableFrom(((Method) way).getReturnType())) {
        ways.add(way);
      }
    }
    if (ways.isEmpty()) {
      return sequence.pool.any(type, random);
    }
    Executable way = ways.get(random.nextInt(ways.size()));
    Type[] types = way.getGenericParameterTypes();
    @Nullable Object[] arguments = new @Nullable Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = value(types[i], way.getName(), random, depth, made + 1);
    }
    sequence.call(PublicApi.name(way), way, null, arguments, random);
    return sequence.pool.any(type, random);
  }

  private @Nullable Object[] array(
      Class<?> type, String method, Random random, int depth, int made) {
    int length = random.nextInt(50) == 0 ? 1100 : random.nextInt(5);
    @Nullable Object[] array = (@Nullable Object[]) Array.newInstance(type, length);
    for (int i = 0; i < length; i++) {
      array[i] = length > 100 && i > 0 ? array[0] : value(type, method, random, depth, made + 1);
    }
    return array;
  }

  private static String name(Random random) {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private static String text(String method, Random random) {
    if ((method.equals("fromWat") || method.equals("wat2wasm")) && random.nextInt(4) > 0) {
      String text = Corpus.any(random).text();
      if (random.nextInt(3) > 0) {
        return text;
      }
      int from = random.nextInt(text.length());
      return text.substring(0, from)
          + name(random)
          + text.substring(Math.min(from + 5, text.length()));
    }
    return name(random);
  }

  private byte[] bytes(Random random) {
    byte[] bytes =
        switch (random.nextInt(5)) {
          case 0 -> new byte[random.nextInt(70_000)];
          case 1 -> {
            byte[] known = sequence.pool.any(byte[].class, random);
            yield known == null ? new byte[0] : known.clone();
          }
          default -> Corpus.any(random).binary().clone();
        };
    if (bytes.length > 0 && random.nextInt(3) == 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private Path path(String method, Random random) {
    if (method.equals("deserializeFile") && random.nextBoolean()) {
      return compiled;
    }
    return switch (random.nextInt(5)) {
      case 0 -> folder;
      case 1 -> folder.resolve("missing");
      case 2 -> folder.resolve("nul").resolve("inside");
      case 3 -> folder.resolve("guest.wasm");
      default -> folder.resolve("file" + random.nextInt(3));
    };
  }
}
