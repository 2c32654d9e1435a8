#include "wasi.h"

void test(void) {
  CALL(path_rename, DIR, P("file"), DIR, P("renamed")), show_file(P("renamed"));
  CALL(path_rename, DIR, P("renamed"), DIR, P("other")), show_file(P("other"));
  CALL(path_rename, DIR, P("other"), DIR, P("full/other")), show_file(P("full/other"));
  CALL(path_rename, DIR, P("full/other"), DIR, P("full/other")), show_file(P("full/other"));
  CALL(path_rename, DIR, P("link"), DIR, P("moved-link")), show_file(P("full/other"));
  CALL(path_rename, DIR, P("empty"), DIR, P("moved"));
  CALL(path_rename, DIR, P("full"), DIR, P("moved")), show_file(P("moved/other"));
  CALL(path_rename, DIR, P("moved"), DIR, P("slash/")), show_file(P("slash/other"));
  CALL(path_rename, DIR, P("slash/"), DIR, P("back")), show_file(P("back/other"));
  CALL(path_rename, DIR, P("back/"), DIR, P("slash/")), show_file(P("slash/other"));
  CALL(path_create_directory, DIR, P("empty"));
  CALL(path_rename, DIR, P("empty"), DIR, P("slash"));
  CALL(path_rename, DIR, P("empty"), DIR, P("slash/other"));
  CALL(path_rename, DIR, P("slash/other"), DIR, P("empty"));
  CALL(path_rename, DIR, P("slash"), DIR, P("slash/into"));
  CALL(path_rename, DIR, P("missing"), DIR, P("x"));
  CALL(path_rename, DIR, P("empty"), DIR, P("missing/x"));
  CALL(path_rename, DIR, P("slash/other/x"), DIR, P("x"));
  CALL(path_rename, DIR, P("slash/other"), DIR, P("x/"));
  CALL(path_rename, DIR, P("slash/other/"), DIR, P("x"));
  CALL(path_rename, DIR, P("."), DIR, P("x"));
  CALL(path_rename, DIR, P("empty"), DIR, P("."));
  CALL(path_rename, DIR, P("loop/x"), DIR, P("x"));
}
