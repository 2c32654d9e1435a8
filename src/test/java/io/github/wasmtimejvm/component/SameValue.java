package io.github.wasmtimejvm.component;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares values in the form that functions without Java types have. */
public final class SameValue {
  private SameValue() {}

  /** Whether two values are the same; all NaNs are. */
  public static boolean is(@Nullable Object one, @Nullable Object other) {
    return orNull(one).equals(orNull(other));
  }

  private static @Nullable Object comparable(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case List<?> list -> list.stream().map(SameValue::orNull).toList();
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.forEach((key, inner) -> copy.put(orNull(key), orNull(inner)));
        yield copy;
      }
      case Optional<?> optional -> optional.map(SameValue::orNull);
      case WitVariant(String name, Object payload) -> new WitVariant(name, comparable(payload));
      case Result.Ok<?, ?>(Object inner) -> Result.ok(comparable(inner));
      case Result.Err<?, ?>(Object inner) -> Result.err(comparable(inner));
      default -> {
        if (!value.getClass().isArray()) {
          yield value;
        }
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
          list.add(Array.get(value, i));
        }
        yield list;
      }
    };
  }

  private static Object orNull(@Nullable Object value) {
    Object comparable = comparable(value);
    return comparable == null ? "null" : comparable;
  }
}
