package io.github.wasmtimejvm.component;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The interface {@code kinds} of the identity components, in Java's types. */
@WitName("test:kinds/kinds@1.2.0")
public interface Kinds {
  record Point(int x, int y) {}

  record Rec(int a, String b, int[] c, Optional<Long> d) {}

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
    DARK_BLUE
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

  enum Nine {
    N0,
    N1,
    N2,
    N3,
    N4,
    N5,
    N6,
    N7,
    N8
  }

  enum Seventeen {
    K0,
    K1,
    K2,
    K3,
    K4,
    K5,
    K6,
    K7,
    K8,
    K9,
    K10,
    K11,
    K12,
    K13,
    K14,
    K15,
    K16
  }

  enum ThirtyTwo {
    F0,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F10,
    F11,
    F12,
    F13,
    F14,
    F15,
    F16,
    F17,
    F18,
    F19,
    F20,
    F21,
    F22,
    F23,
    F24,
    F25,
    F26,
    F27,
    F28,
    F29,
    F30,
    F31
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

  record TextAndNarrow(String text, Narrow narrow) {}

  record Pair(int number, String text) {}

  record Everything(
      int number,
      Scalars scalars,
      String text,
      byte[] bytes,
      List<Point> points,
      Pair pair,
      Shape shape,
      Color color,
      Object many,
      Set<Perms> perms,
      EnumSet<Nine> nine,
      Optional<Point> maybe,
      Result<Long, String> outcome,
      List<Optional<Result<TextAndNarrow, Wide>>> nested) {}

  record Words(int class_, String int_, boolean default_) {}

  record One(int number) {}

  record Numbers(int small, long large) {}

  record Three(int number, String text, float fraction) {}

  record Flag(boolean is) {}

  record TextAndFlag(String text, Flag flag) {}

  record Nest(Numbers numbers, TextAndFlag rest) {}

  record TwoResults(Result<Integer, Void> ok, Result<Void, Integer> err) {}

  record Answer(String a, Rec b, Optional<Integer> c) {}

  record Seventeens(
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

  boolean[] idListBool(boolean[] v);

  byte[] idListS8(byte[] v);

  byte[] idListU8(byte[] v);

  short[] idListS16(short[] v);

  short[] idListU16(short[] v);

  int[] idListS32(int[] v);

  int[] idListU32(int[] v);

  long[] idListS64(long[] v);

  long[] idListU64(long[] v);

  float[] idListF32(float[] v);

  double[] idListF64(double[] v);

  List<Integer> idListChar(List<Integer> v);

  List<String> idListString(List<String> v);

  List<short[]> idListList(List<short[]> v);

  List<Point> idListPoint(List<Point> v);

  List<Rec> idListRec(List<Rec> v);

  List<Shape> idListShape(List<Shape> v);

  List<Color> idListColor(List<Color> v);

  List<Set<Nine>> idListNine(List<Set<Nine>> v);

  List<Numbers> idListTuple(List<Numbers> v);

  List<Optional<Long>> idListOption(List<Optional<Long>> v);

  List<Result<Integer, String>> idListResult(List<Result<Integer, String>> v);

  List<Everything> idListEverything(List<Everything> v);

  Point idPoint(Point v);

  Rec idRec(Rec v);

  Scalars idScalars(Scalars v);

  Everything idEverything(Everything v);

  Words idWords(Words v);

  One idTupleOne(One v);

  Three idTuple(Three v);

  Nest idTupleNested(Nest v);

  Shape idShape(Shape v);

  Narrow idNarrow(Narrow v);

  Wide idWide(Wide v);

  Single idSingle(Single v);

  Color idColor(Color v);

  Lone idLone(Lone v);

  Object idMany(Object v);

  Set<OneFlag> idOneFlag(Set<OneFlag> v);

  EnumSet<Perms> idPerms(EnumSet<Perms> v);

  Set<Nine> idNine(Set<Nine> v);

  Set<Seventeen> idSeventeen(Set<Seventeen> v);

  EnumSet<ThirtyTwo> idThirtyTwo(EnumSet<ThirtyTwo> v);

  Optional<String> idOption(Optional<String> v);

  Optional<Boolean> idOptionBool(Optional<Boolean> v);

  Optional<Point> idOptionPoint(Optional<Point> v);

  Optional<Optional<Long>> idOptionOption(Optional<Optional<Long>> v);

  Optional<List<Optional<String>>> idOptionList(Optional<List<Optional<String>>> v);

  Result<String, Color> idResult(Result<String, Color> v);

  Result<Void, Void> idResultEmpty(Result<Void, Void> v);

  Result<Long, Void> idResultOk(Result<Long, Void> v);

  Result<Void, String> idResultErr(Result<Void, String> v);

  Result<byte[], Shape> idResultShape(Result<byte[], Shape> v);

  Result<Optional<Long>, Result<String, Color>> idResultResult(
      Result<Optional<Long>, Result<String, Color>> v);

  Optional<Result<Integer, Color>> idOptionResult(Optional<Result<Integer, Color>> v);

  TwoResults idTupleResult(TwoResults v);

  Answer idThree(String a, Rec b, Optional<Integer> c);

  Seventeens idSeventeenParams(
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
