package io.github.wasmtimejvm;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What was made for texts, each as long as somebody else keeps it. Any thread may use it. */
final class WeakCache<V> {
  private static final class Entry<V> extends WeakReference<V> {
    private final String key;

    Entry(String key, V value, ReferenceQueue<V> gone) {
      super(value, gone);
      this.key = key;
    }
  }

  private final Map<String, Entry<V>> entries = new HashMap<>(); // under this
  private final ReferenceQueue<V> gone = new ReferenceQueue<>();

  /** Returns what was made for a text, after making it if need be. */
  synchronized V get(String key, Supplier<V> make) {
    expunge();
    Entry<V> entry = entries.get(key);
    V known = entry == null ? null : entry.get();
    if (known == null) {
      known = make.get();
      entries.put(key, new Entry<>(key, known, gone));
    }
    return known;
  }

  /** How many there are for which something may still be kept. */
  synchronized int size() {
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
