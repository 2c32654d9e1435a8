package io.github.wasmtimejvm.interfaces;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Values by texts, each kept for as long as somebody else keeps the value. Any thread may use the
 * cache.
 */
public final class WeakCache<V> {
  private static final class Entry<V> extends WeakReference<V> {
    private final String key;

    Entry(String key, V value, ReferenceQueue<V> gone) {
      super(value, gone);
      this.key = key;
    }
  }

  private final Map<String, Entry<V>> entries = new HashMap<>(); // under this
  private final ReferenceQueue<V> gone = new ReferenceQueue<>();

  /** Returns the value of a text, after making the value if need be. */
  public synchronized V get(String key, Supplier<V> make) {
    expunge();
    Entry<V> entry = entries.get(key);
    V known = entry == null ? null : entry.get();
    if (known == null) {
      known = make.get();
      entries.put(key, new Entry<>(key, known, gone));
    }
    return known;
  }

  /** How many values may still be kept by somebody. */
  public synchronized int size() {
    expunge();
    return entries.size();
  }

  private void expunge() {
    for (Reference<? extends V> next = gone.poll(); next != null; next = gone.poll()) {
      Entry<?> entry = (Entry<?>) next;
      entries.remove(entry.key, entry); // unless there is a new one
    }
  }
}
