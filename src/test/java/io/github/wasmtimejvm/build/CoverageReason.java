package io.github.wasmtimejvm.build;

/** Why no public method reaches a C function: the only reasons there are. */
enum CoverageReason {
  SUPERSEDED("superseded", "Another function does the same, better; the table says which."),
  ASYNC("async", "Runs guests on stacks of their own, where Java cannot be called."),
  UNSAFE_BY_NATURE(
      "unsafe by nature", "No check could make it safe; the table says what stands in its place."),
  C_HELPER("helper for C", "Does in C what Java has itself: copies, vectors, casts, null.");

  final String text;
  final String explanation;

  CoverageReason(String text, String explanation) {
    this.text = text;
    this.explanation = explanation;
  }
}
