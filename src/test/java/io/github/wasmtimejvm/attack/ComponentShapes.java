package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.component.WitName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Interfaces to see components through, and to give them; good ones and bad ones. */
final class ComponentShapes {
  /** A resource of a guest. */
  public interface Thing extends AutoCloseable {
    long number();

    long plus(Thing other);

    @Override
    void close();
  }

  /** What things.wat exports. */
  @WitName("t:t/things@1.0.0")
  public interface Things {
    Thing newThing(long number);

    long thingSum(Thing a, Thing b);

    long take(Thing it);

    void takeTwo(Thing a, Thing b);

    long takeAndLend(Thing a, Thing b);

    Thing pass(Thing it);

    void takeAll(List<Thing> all);

    long ranged(Thing it, int number);
  }

  /** What things.wat imports. */
  @WitName("t:t/log")
  public interface Log {
    void dropped(long number);
  }

  /** What blobs.wat imports. */
  @WitName("t:t/blobs@1.0.0")
  public interface Blobs {
    /** A resource of the host's. */
    interface Blob extends AutoCloseable {
      long size();

      Blob join(Blob other);

      @Override
      void close();
    }

    Blob newBlob(long size);

    long blobCount();

    void look(Blob it);

    void keep(Blob it);
  }

  /** What blobs.wat exports. */
  public interface BlobGuest {
    Blobs.Blob make(long size);

    long count();

    long sizeOf(Blobs.Blob it);

    void forget(Blobs.Blob it);

    Blobs.Blob both(Blobs.Blob a, Blobs.Blob b);

    Blobs.Blob pass(Blobs.Blob it);

    void hold(Blobs.Blob it);

    void release();

    void lend(long size);

    void give(long size);

    void ranged(Blobs.Blob it, int number);
  }

  /** A record. */
  public record Point(int x, String y) {}

  /** A variant. */
  public sealed interface Shape {
    /** A case without payload. */
    record None() implements Shape {}

    /** A case with a text. */
    record Text(String value) implements Shape {}

    /** A case with a character. */
    record C(int value) implements Shape {}
  }

  /** An enum. */
  public enum Color {
    RED,
    GREEN,
    BLUE
  }

  /** Flags. */
  public enum Perms {
    READ,
    WRITE
  }

  /** What the echo exports, and in part what it imports. */
  public interface Echo {
    byte[] bytes(byte[] x);

    List<String> texts(List<String> x);

    List<Integer> charsRelay(List<Integer> x);

    double[] doublesRelay(double[] x);

    List<Point> points(List<Point> x);

    List<Point> pointsRelay(List<Point> x);

    List<Shape> shapesRelay(List<Shape> x);

    List<Color> colors(List<Color> x);

    List<Set<Perms>> permsOf(List<Set<Perms>> x);

    default int size(byte[] x) {
      return bytes(x).length;
    }
  }

  /** What lies.wat exports, in part. */
  public interface Lies {
    String stringOf(long at, long size);

    byte[] bytesOf(long at, long size);

    List<String> stringsOf(long at, long size);

    Optional<List<String>> optionAt(long at);

    int charOf(long v);

    String backText(String v);

    void reallocDoes(long what);

    void postDoes(long what);

    void poke(long at, long value);
  }

  /** Fits nothing. */
  @WitName("t:t/things@1.0.0")
  public interface Misfit {
    String newThing(List<Set<Point>> number);
  }

  /** A name that no component has. */
  @WitName("no such name")
  public interface Nameless {
    void call();
  }

  static final List<Class<?>> ALL =
      List.of(
          Things.class,
          Thing.class,
          Log.class,
          Blobs.class,
          Blobs.Blob.class,
          BlobGuest.class,
          Echo.class,
          Lies.class,
          Misfit.class,
          Nameless.class,
          Point.class,
          Shape.class);

  private ComponentShapes() {}
}
