package io.github.wasmtimejvm;

import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was made of interfaces, so that no class loader is kept by another one's class. It refers to
 * our classes and to its home: the interface, or the class whose lookup was given.
 *
 * <p>Where the home's class loader is above ours, or ours itself, we keep it, as our class loader
 * keeps that one anyway. Where it is below ours, the home keeps it. Between others it is kept by
 * the objects that were made with it, whose class has it among its class data.
 */
final class InterfaceCache<S> {
  private static final @Nullable ClassLoader OURS = InterfaceCache.class.getClassLoader();

  private record Key(Class<?> home, Class<?> type, boolean withLookup) {}

  private final Map<Key, S> ours = new ConcurrentHashMap<>();
  private final ClassValue<Map<List<Object>, S>> below = new Maps<>();
  private final ClassValue<Map<List<Object>, WeakReference<S>>> others = new Maps<>();

  // Of the JDK's classes, for a class of any class loader has it.
  private static final class Maps<V> extends ClassValue<Map<List<Object>, V>> {
    @Override
    protected Map<List<Object>, V> computeValue(Class<?> home) {
      return new ConcurrentHashMap<>();
    }
  }

  /** Returns what was made of an interface, after making it if need be. */
  S get(Class<?> type, MethodHandles.@Nullable Lookup lookup, Supplier<S> make) {
    Class<?> home = lookup == null ? type : lookup.lookupClass();
    boolean withLookup = lookup != null;
    if (isAbove(home.getClassLoader(), OURS)) {
      return kept(ours, new Key(home, type, withLookup), make);
    }
    List<Object> key = List.of(type, withLookup);
    return isAbove(OURS, home.getClassLoader())
        ? kept(below.get(home), key, make)
        : weaklyKept(others.get(home), key, make);
  }

  private static boolean isAbove(@Nullable ClassLoader upper, @Nullable ClassLoader lower) {
    ClassLoader loader = lower;
    while (loader != upper && loader != null) {
      loader = loader.getParent();
    }
    return loader == upper;
  }

  // Here and below nothing is made under a lock: that may initialize the interface, and so run code
  // of the user's, which may come back here. If two threads make one, the first is kept.
  private static <K, S> S kept(Map<K, S> made, K key, Supplier<S> make) {
    S known = made.get(key);
    if (known != null) {
      return known;
    }
    S mine = make.get();
    S others = made.putIfAbsent(key, mine);
    return others == null ? mine : others;
  }

  private S weaklyKept(
      Map<List<Object>, WeakReference<S>> made, List<Object> key, Supplier<S> make) {
    S known = referent(made.get(key));
    if (known != null) {
      return known;
    }
    S mine = make.get();
    WeakReference<S> reference = new WeakReference<>(mine);
    S kept =
        referent(made.compute(key, (_, before) -> referent(before) == null ? reference : before));
    return kept == null ? mine : kept;
  }

  private static <S> @Nullable S referent(@Nullable WeakReference<S> reference) {
    return reference == null ? null : reference.get();
  }
}
