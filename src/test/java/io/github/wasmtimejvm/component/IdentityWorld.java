package io.github.wasmtimejvm.component;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The world of the identity components, with lists instead of arrays and exceptions for errors. */
public interface IdentityWorld {
  record Point(int x, int y) {}

  record Rec(int a, String b, List<Long> c, Optional<Long> d) {}

  sealed interface Shape {
    record NoneAtAll() implements Shape {}

    record Num(long value) implements Shape {}

    record Real(float value) implements Shape {}

    record Big(long value) implements Shape {}

    record Text(String value) implements Shape {}

    record Nested(Rec value) implements Shape {}

    record Points(List<Point> value) implements Shape {}
  }

  sealed interface Narrow {
    record I(int value) implements Narrow {}

    record F(float value) implements Narrow {}

    record C(int value) implements Narrow {}
  }

  sealed interface Wide {
    record D(double value) implements Wide {}

    record F(float value) implements Wide {}

    record I(int value) implements Wide {}

    record L(long value) implements Wide {}
  }

  sealed interface Single {
    record Only(String value) implements Single {}
  }

  enum Color {
    RED,
    GREEN,
    @WitName("dark-blue")
    NAVY
  }

  enum Lone {
    ONE
  }

  enum OneFlag {
    A
  }

  enum Perms {
    READ,
    WRITE,
    EXEC
  }

  record Scalars(
      boolean aBool,
      byte anS8,
      int aU8,
      short anS16,
      int aU16,
      int anS32,
      long aU32,
      long anS64,
      long aU64,
      float anF32,
      double anF64,
      int aChar) {}

  /** By names, in another order than in WIT. */
  record Words(@WitName("default") boolean isDefault, String int_, int class_) {}

  record One(Integer only) {}

  record Three(int number, String text, float fraction) {}

  record Two(int small, long large) {}

  record Answer(String a, Rec b, Optional<Integer> c) {}

  record Seventeen(
      int a,
      byte b,
      int c,
      short d,
      long e,
      int f,
      long g,
      long h,
      float i,
      double j,
      boolean k,
      int l,
      int m,
      long n,
      int o,
      long p,
      int q) {}

  final class ColorException extends ErrException {
    private static final long serialVersionUID = 1;

    public ColorException(Color color) {
      super(color);
    }
  }

  final class NothingException extends ErrException {
    private static final long serialVersionUID = 1;

    public NothingException() {
      super(null);
    }
  }

  final class TextException extends ErrException {
    private static final long serialVersionUID = 1;

    public TextException(String text) {
      super(text);
    }
  }

  final class ShapeException extends ErrException {
    private static final long serialVersionUID = 1;

    public ShapeException(Shape shape) {
      super(shape);
    }
  }

  final class NestedException extends ErrException {
    private static final long serialVersionUID = 1;

    public NestedException(Result<String, Color> error) {
      super(error);
    }
  }

  @WitName("test:kinds/kinds@1.0.0")
  interface Kinds {
    boolean idBool(boolean v);

    byte idS8(byte v);

    int idU8(int v);

    short idS16(short v);

    int idU16(int v);

    int idS32(int v);

    long idU32(long v);

    long idS64(long v);

    long idU64(long v);

    float idF32(float v);

    double idF64(double v);

    int idChar(int v);

    String idString(String v);

    byte[] idListU8(byte[] v);

    List<Boolean> idListBool(List<Boolean> v);

    List<Integer> idListU16(List<Integer> v);

    List<Long> idListU32(List<Long> v);

    List<Long> idListU64(List<Long> v);

    List<Double> idListF64(List<Double> v);

    List<Integer> idListChar(List<Integer> v);

    List<String> idListString(List<String> v);

    List<List<Integer>> idListList(List<List<Integer>> v);

    List<Shape> idListShape(List<Shape> v);

    List<Two> idListTuple(List<Two> v);

    List<Result<Integer, String>> idListResult(List<Result<Integer, String>> v);

    Point idPoint(Point v);

    Rec idRec(Rec v);

    Scalars idScalars(Scalars v);

    Words idWords(Words v);

    One idTupleOne(One v);

    Three idTuple(Three v);

    Shape idShape(Shape v);

    Narrow idNarrow(Narrow v);

    Wide idWide(Wide v);

    Single idSingle(Single v);

    Color idColor(Color v);

    Lone idLone(Lone v);

    Object idMany(Object v);

    Set<OneFlag> idOneFlag(Set<OneFlag> v);

    EnumSet<Perms> idPerms(EnumSet<Perms> v);

    Object idThirtyTwo(Object v);

    Optional<String> idOption(Optional<String> v);

    Optional<Optional<Long>> idOptionOption(Optional<Optional<Long>> v);

    Optional<List<Optional<String>>> idOptionList(Optional<List<Optional<String>>> v);

    String idResult(Result<String, Color> v) throws ColorException;

    void idResultEmpty(Result<Void, Void> v) throws NothingException;

    long idResultOk(Result<Long, Void> v) throws NothingException;

    void idResultErr(Result<Void, String> v) throws TextException;

    byte[] idResultShape(Result<byte[], Shape> v) throws ShapeException;

    Optional<Long> idResultResult(Result<Optional<Long>, Result<String, Color>> v)
        throws NestedException;

    Answer idThree(String a, Rec b, Optional<Integer> c);

    Seventeen idSeventeenParams(
        int a,
        byte b,
        int c,
        short d,
        long e,
        int f,
        long g,
        long h,
        float i,
        double j,
        boolean k,
        int l,
        int m,
        long n,
        int o,
        long p,
        int q);

    void nothing();
  }

  Kinds kinds();

  long held();
}
