# What programs call instead of what the interpreter brings along, where that does at once, and without a look at the
# clock, what may take long or make much. Names with __ that are not defined in here are written in Go (functions.go).
# A function first gets a second name, then the first one is given to what checks and calls it.

# Operators. The right side is the outer loop, as it is in jq.
def __add(l; r): r as $r | l as $l | __sum($l; $r) | $l + $r;
def __subtract(l; r): r as $r | l as $l | __pairs($l; $r) | $l - $r;
def __multiply(l; r): r as $r | l as $l | __product($l; $r) | $l * $r;
def __divide(l; r): r as $r | l as $l | __parts($l; $r) | $l / $r;

# What goes through all of a value.
def __tojson: tojson; def tojson: __walk | __tojson;
def __tostring: tostring; def tostring: __walk | __tostring;
def __format($f): format($f); def format($f): __walk | __format($f);
def __flatten: flatten; def flatten: __walk | __flatten;
def __flatten($d): flatten($d); def flatten($d): __walk | __flatten($d);
def __delpaths($p): delpaths($p); def delpaths($p): ($p | __ordered) as $p | __walk | __delpaths($p);
def __del(f): del(f); def del(f): __walk | __del(f);
def __map_values(f): map_values(f); def map_values(f): __walk | __map_values(f);
def __error: error; def error: __walk | __error;
def __error($v): error($v); def error($v): ($v | __walk) as $v | __error($v);

# What puts a list in order.
def __sort: sort; def sort: __ordered | __sort;
def __unique: unique; def unique: __ordered | __unique;
def __min: min; def min: __ordered | __min;
def __max: max; def max: __ordered | __max;
def sort_by(f): (map([f]) | __ordered) as $keys | _sort_by($keys);
def group_by(f): (map([f]) | __ordered) as $keys | _group_by($keys);
def unique_by(f): (map([f]) | __ordered) as $keys | _unique_by($keys);
def min_by(f): (map([f]) | __ordered) as $keys | _min_by($keys);
def max_by(f): (map([f]) | __ordered) as $keys | _max_by($keys);
def __bsearch($x): bsearch($x); def bsearch($x): ($x | __walk) as $x | __walk | __bsearch($x);

# What compares each with each.
def __contains($x): contains($x); def contains($x): __pairs(.; $x) | __contains($x);
def inside($x): . as $v | $x | contains($v);
def __texts($x): type == "string" and ($x | type) == "string";
def __indices($x): indices($x);
def indices($x): if __texts($x) then __positions($x) else __pairs(.; $x) | __indices($x) end;
def __index_of($x): index($x);
def index($x): if __texts($x) then __positions($x) | first else __pairs(.; $x) | __index_of($x) end;
def __rindex($x): rindex($x);
def rindex($x): if __texts($x) then __positions($x) | last else __pairs(.; $x) | __rindex($x) end;

# What makes much out of little.
def __total: add; def add: __joined("") | __total;
def add(f): [f] | add;
def __join($s): join($s); def join($s): __joined($s) | __join($s);
def __split($s): split($s); def split($s): __parts(.; $s) | __split($s);
def __explode: explode; def explode: __parts(.; "") | __explode;
def __transpose: transpose; def transpose: __grid | __transpose;
def __tonumber: tonumber; def tonumber: __short | __tonumber;
def fromjson: __fromjson;
def __strftime($f): strftime($f); def strftime($f): ($f | __short) as $f | __strftime($f);
def __strptime($f): strptime($f); def strptime($f): ($f | __short) as $f | __short | __strptime($f);
def __ascii_downcase: ascii_downcase; def ascii_downcase: __walk | __ascii_downcase;
def __ascii_upcase: ascii_upcase; def ascii_upcase: __walk | __ascii_upcase;
def __reverse: reverse; def reverse: __wide | __reverse;
def __keys: keys; def keys: __wide | __keys;

# What leads to a place in a list.
def __setpath($p; $v): setpath($p; $v); def setpath($p; $v): __path($p) as $p | ($v | __wide) as $v | __setpath($p; $v);
def __getpath($p): getpath($p); def getpath($p): __path($p) as $p | __getpath($p);
def nth($n): .[$n | __index];

# Patterns. The interpreter counts characters from the beginning of the text for each match.
def match($re; $flags): __match($re; $flags)[];
def match($re): if $re | type == "array" then match($re[0]; $re[1]) else match($re; null) end;
def test($re; $flags): __test($re; $flags);
def test($re): if $re | type == "array" then test($re[0]; $re[1]) else test($re; null) end;
def capture($re; $flags): match($re; $flags) | .captures | _captures;
def capture($re): if $re | type == "array" then capture($re[0]; $re[1]) else capture($re; null) end;
def scan($re; $flags): match($re; ($flags // "") + "g") | if .captures == [] then .string else [.captures[].string] end;
def scan($re): scan($re; null);
def splits($re; $flags): __pieces($re; ($flags // "") + "g") | .parts[].before, .rest;
def splits($re): splits($re; null);
def split($re; $flags): [splits($re; $flags)];
def sub($re; str; $flags):
  . as $whole
  | __pieces($re; $flags) as {$parts, $rest}
  | reduce $parts[] as $part ({r: []};
      reduce ($part.captures | _captures | str) as $s (.i = 0; .r[.i] = __add(.r[.i]; __add($part.before; $s)) | .i += 1))
  | __add(.r[]; $rest) // $whole;
def sub($re; str): sub($re; str; null);
def gsub($re; str; $flags): sub($re; str; ($flags // "") + "g");
def gsub($re; str): gsub($re; str; null);

# Compared in there.
def IN(s): any(__equal(s; .); .);
def IN(src; s): any(__equal(src; s); .);
def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] = $row);
def INDEX(f): INDEX(.[]; f);
