package io.github.wasmtimejvm;

import java.lang.invoke.MethodHandles;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was made of interfaces. It is kept by the interface, or by the class whose lookup was given,
 * which sees the interface and so keeps it anyway: no class loader is kept by another one's class.
 */
final class ShapeCache<S> {
  private final Kept<S> open = new Kept<>();
  private final Kept<S> withLookup = new Kept<>();

  private static final class Kept<S> extends ClassValue<ConcurrentHashMap<Class<?>, S>> {
    @Override
    protected ConcurrentHashMap<Class<?>, S> computeValue(Class<?> type) {
      return new ConcurrentHashMap<>();
    }
  }

  /** Returns what was made of an interface, after making it if need be. */
  S get(Class<?> type, MethodHandles.@Nullable Lookup lookup, Supplier<S> make) {
    ConcurrentHashMap<Class<?>, S> made =
        lookup == null ? open.get(type) : withLookup.get(lookup.lookupClass());
    return made.computeIfAbsent(type, _ -> make.get());
  }
}
