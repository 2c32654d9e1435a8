package io.github.wasmtimejvm.interfaces;

import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was made of interfaces, kept so that no class loader is kept by a class of another one. A
 * value refers to our classes and to its home: the interface, or the class whose lookup was given.
 *
 * <p>Where the home's class loader is above ours, or ours itself, this cache keeps the value: our
 * class loader keeps the home's anyway. Where the home's class loader is below ours, the home keeps
 * the value. Where neither is above the other, the value is kept by the objects that were made with
 * it: their class has the value among its class data.
 */
public final class InterfaceCache<V> {
  private static final @Nullable ClassLoader OURS = InterfaceCache.class.getClassLoader();

  private record Key(Class<?> home, Class<?> type, boolean withLookup) {}

  private final Map<Key, V> ours = new ConcurrentHashMap<>();
  private final ClassValue<Map<List<Object>, V>> below = new Maps<>();
  private final ClassValue<Map<List<Object>, WeakReference<V>>> others = new Maps<>();

  // A class of any class loader keeps such a map. The map and its keys are therefore objects of the
  // JDK's own classes, which keep no class loader.
  private static final class Maps<V> extends ClassValue<Map<List<Object>, V>> {
    @Override
    protected Map<List<Object>, V> computeValue(Class<?> home) {
      return new ConcurrentHashMap<>();
    }
  }

  /** Returns what was made of an interface, after making that if need be. */
  public V get(Class<?> type, MethodHandles.@Nullable Lookup lookup, Supplier<V> make) {
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

  // Nothing is made under a lock: making a value may initialize the interface, and so run code of
  // the user, which may come back here. If two threads make a value each, the first one is kept.
  private static <K, V> V kept(Map<K, V> made, K key, Supplier<V> make) {
    V known = made.get(key);
    if (known != null) {
      return known;
    }
    V mine = make.get();
    V others = made.putIfAbsent(key, mine);
    return others == null ? mine : others;
  }

  private V weaklyKept(
      Map<List<Object>, WeakReference<V>> made, List<Object> key, Supplier<V> make) {
    V known = referent(made.get(key));
    if (known != null) {
      return known;
    }
    V mine = make.get();
    WeakReference<V> reference = new WeakReference<>(mine);
    V kept =
        referent(made.compute(key, (_, before) -> referent(before) == null ? reference : before));
    return kept == null ? mine : kept;
  }

  private static <V> @Nullable V referent(@Nullable WeakReference<V> reference) {
    return reference == null ? null : reference.get();
  }
}
