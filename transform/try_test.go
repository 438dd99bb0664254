package transform_test
import ("testing";"fmt";"time";"runtime";"strings";"dispatch/transform")
func TestTry(t *testing.T){
 body:=[]byte(`{"event_type":"Opportunity.updated","record":{"Id":"1","Name":"Acme","StageName":"Closed Won","Amount":135000.00,"Serial":9007199254740993123,"Tags":["b","a"],"Items":[{"P":5},{"P":7}],"Account":{"Name":"Acme"}},"old":{"StageName":"Open"}}`)
 for _,p:=range []string{
 `.`,`.record.Amount`,`{id:.record.Id, name:.record.Name, amount: (.record.Amount*2), t: (.record.Tags|sort|join(", "))}`,`"\(.record.Name): \(.record.Amount)"`,`@json "x\(.record.Tags)"`,`.record.Tags|@csv`,
 `.record.Items|map(.P)|add`,`.record.Items[] |= (.P += 1) | .record.Items`,`.record.Name |= ascii_upcase | .record.Name`,`del(.old)|keys`,`.record|to_entries|map(select(.value|type=="string"))|from_entries`,
 `.record.Name|gsub("(?<x>[A-Z])";"<\(.x)>")`,`.record.Name|test("acme";"i")`,`[.record.Name|match("c(?<m>m)?";"g")]`,`.record.Name|sub("e";"1","2")`,`[.record.StageName|splits(" ")]`,`"a,b"|split(",")`,
 `.record.Serial+0`,`.record.Serial`,`.record["A"+"mount"]`,`.record.Tags[-1]`,`.record.Tags[1:]`,`first(range(10;0;-1))`,`def f(x): x*2; f(3)`,`reduce .record.Items[] as {P:$p} (0; .+$p)`,`.a.b[3]=1|.a`,`try error("x") catch .`,`error("boom")`,`error({a:1})`,`empty`,`.record.Name|tojson|fromjson`,`group_by(.x)?`,`[.record.Items[]|.P]|min,max`, `.record.Items|sort_by(-.P)|.[0].P`,`1 as $x|2 as $y|[$x,$y,$__loc__]`,`paths|tostring`, `[paths]|length`, `getpath(["record","Id"])`,`.record|with_entries(.key|=ascii_downcase)|keys`,`@base64 "\(.record.Name)"|@base64d`,`"2026-01-01T00:00:00Z"|fromdate|todate`,`[limit(3;repeat(1))]`,`IN(1,2)`,`input`,`$ENV`,`env`,`now`,`foo(1)`,`.a &&.b`,`.a || .b`,`!.a`,`.a = = 2`,`'x'`,`{a:1`,``,`if . then 1`,`import "a" as a; .`,`$x`,`.a.[`,`"abc`,`def __walk: .; .`, `__walk`,`_add(1;2)`,`1/0`,`.record.Name * 0`, `[1,2,3]-[2]`, `"a,b"/","`, `.. |= (.+1)?`,`walk(if type=="number" then .+1 else . end)|.record.Amount`,`label $out|1,break $out`, `.record | .x //= 3 | .x`, `path(.record.Tags[0])`, `[1,[2]]|flatten`,`{"a b":1}|."a b"`,`{a:{b:1}}*{a:{c:2}}`, `@text "\(1+1)"`, `splits("a")`, `tojson`, `ltrimstr("x")`,`@foo`, `"\(1;2)"`, `limit(0;1)`, `. as [$a] ?// $a | $a|type`, `{(.record.Name):1,"x\(1)":2,@base64 "k\("v")":3, $__loc__}`, `{(.record.Name):1,"x\(1)":2,@base64 "k\("v")":3}`, `.["rec\("ord")"].Id`, `."rec\("ord")".Id`, `[.[]?]|length`, `$__by`, `getpath(["a","b"])|=5|.a`,`to_entries[0]`, `1 == 1.0, 2`, `[1,2]|index(2)`,`"héllo"|[match("l";"g").offset]`, `INDEX(.record.Items[]; .P)|keys`, `@sh "echo \(.record.Name)"`,`[.record.Tags,[1]]|transpose`,`add(1,2)`,`[.record.Items[].P]|any(.>6)`,`"x"|ascii`,`ascii(1)`,
 }{
  f,err:=transform.Parse(p)
  if err!=nil{fmt.Printf("%-70s PARSE %v\n",p,err);continue}
  out,err:=f.Apply(t.Context(),body)
  if len(out)>150 {out=out[:150]}
  fmt.Printf("%-70s %s %v\n",p,out,err)
 }
}
func TestTryHostile(t *testing.T){
 big:=`{"t":"`+strings.Repeat("a",900000)+`"}`
 nums:=`[`+strings.TrimSuffix(strings.Repeat("0,",500000),",")+`]`
 wide:="{"; for i:=0;i<50000;i++{wide+=fmt.Sprintf(`"k%d":%d,`,i,i)}; wide+=`"z":{}}`
 wide2:=`{"x":`+wide+`}`
 dag:=strings.Repeat(`[.,.]|`,60)
 odag:=strings.Repeat(`{a:.,b:.}|`,60)
 for _,c:=range []struct{p,b string}{
 {`"x"*1e9`,`1`},{`[range(1e9)]`,`1`},{`[limit(1e9; repeat(1))]`,`1`},{`def f: f; f`,`1`},{`def f: 1+f; f`,`1`},{`def f: f,f; [f]`,`1`},{`.[500000000]=0`,`null`},{`.[5e8|floor]=0`,`null`},{`nth(500000000)=1`,`null`},{`setpath([500000000];1)`,`null`},{`getpath([500000000])|=1`,`null`},{`pick(.[500000000])`,`null`},{`def f: .[500000000]; f=1`,`null`},{`.[99999]=0`,`null`},
 {dag+`tojson`,`1`},{dag+`.==.`,`1`},{dag+`"\(.)"`,`1`},{dag+`.`,`1`},{dag+`sort`,`1`},{dag+`flatten`,`1`},{dag+`del(.[0])`,`1`},{dag+`@json`,`1`},{dag+`error`,`1`},{dag+`try error catch tojson`,`1`},{dag+`contains(1)`,`1`},{dag+`.[0]|=empty`,`1`},{dag+`[paths]`,`1`},{dag+`walk(.)`,`1`},{odag+`.*.`,`1`},{odag+`.==.`,`1`},{odag+`map_values(empty)`,`1`},{odag+`delpaths([["a","b"]])`,`1`},{odag+`.a//=empty`,`1`},{odag+`.a%=2`,`1`},{dag+`index(1)`,`1`},{dag+`.-.`,`1`},{dag+`group_by(.)`,`1`},{dag+`min_by(.)`,`1`},{dag+`unique`,`1`},{dag+`bsearch(1)`,`1`},{dag+`IN([.])`,`1`},{dag+`tostring`,`1`},{dag+`. as $x|INDEX($x;.)`,`1`},{dag+`@csv`,`1`},{dag+`has(.)`,`1`},{dag+`.[.]`,`1`},{dag+`ltrimstr(.)`,`1`},{dag+`join(",")`,`1`},{dag+`add`,`1`},{dag+`implode`,`1`},{dag+`transpose`,`1`},{dag+`{(.):1}`,`1`},{dag+`. as {(.):$x}|$x`,`1`},{dag+`strftime(.)`,`1`},{dag+`test(.)`,`1`},{dag+`pow(.;1)`,`1`},{dag+`toboolean`,`1`},{dag+`first(.[1000]=1)`,`1`},{dag+`to_entries`,`1`},{dag+`getpath(.)`,`1`},{dag+`paths(.)`,`1`},{dag+`range(.)`,`1`},
 {`reduce range(1000) as $i ("aaaa"; .+.)`,`1`},{`reduce range(1000) as $i ([1]; .+.)`,`1`},{`reduce range(100) as $i ([1]; .[0:0]=.)`,`1`},{`reduce range(100000) as $i (10; .*.)`,`1`},{`reduce range(100000) as $i (1; .+.)`,`1`},{`[range(1000)]|join("x"*1000000)`,`1`},{`[[range(1000)|[]],[[range(100000)]]]|add|transpose`,`1`},{`[range(1e9)|"x"*1000]`,`1`},
 {`[range(1e9) as $i|.t+"x"]`,big},{`[range(1e9) as $i|.t|ascii_upcase]`,big},{`[range(1e9) as $i|.t|explode]`,big},{`.t|explode`,big},{`.t|split("")`,big},{`.t/""`,big},{`.t|gsub("a";"b")`,big},{`.t[:20000]|gsub("a";"b")`,big},{`.t[:200000]|[match("a";"g")]|length`,big},{`.t|test("(a*)*(a*)*c")`,big},{`.t|test("`+strings.Repeat(".*a",300)+`c")`,big},{`.t[:100000]|test("(a*)*(a*)*(a*)*c")`,big},{`.t|index("aaaaaaab")`,big},{`.t|indices("a")`,big},{`.t|contains("aab")`,big},{`.t|@html`,big},{`[limit(100;repeat(.t))]|join(",")`,big},{`.t|tojson|tojson|tojson`,big},{`[.t]|[.[],.[]]|[.[],.[]]|[.[],.[]]|[.[],.[]]|[.[],.[]]`,big},{`.t|[range(0;length)]|length`,big},{`.t|tonumber`,big},{`("9"*1000000)|tonumber`,big},{`("9"*100000)|fromjson|floor`,big},{`("["*100000)|fromjson`,big},{`("["*400+"]"*400)|fromjson`,big},{`[range(1e6)|.t]|add`,big},{`reduce range(1e9) as $i (.t; .[1:])`,big},{`.t|[splits("")]`,big},{`[.t|range(0;1000) as $i|.[$i:]]`,big},{`.t|@uri|@uri|@uri|@uri`,big},{`.t|ltrimstr("a")`,big},{`.t|[scan("a")]`,big},{`[range(100000)|tostring]|unique`,big},{`.t|strftime("%1000000Y")`,big},{`0|strftime("%1024Y"*1000)`,big},{`0|strftime("%1024Y"*100)|length`,big},{`.t|strptime("%Y")`,big},{`"a"|test(.x;"g")`,`{"x":"(a{500}){2}"}`},{`[range(1000)|tostring as $s|"a"|test($s)]|length`,`1`},
 {`sort`,nums},{`unique`,nums},{`.==.`,nums},{`.-.`,nums},{`map(.+1)`,nums},{`[.[]|[.]]|sort`,nums},{`.[0:20000]|sort|length`,nums},{`.[0:1000]-.[0:1000]`,nums},{`.[0:2000]-[1]`,nums},{`index([0,1])`,nums},{`[.[0:1000][]|{a:.}]|contains([{a:1}])`,nums},{`tojson|length`,nums},{`.[0]|=5|length`,nums},{`reverse|length`,nums},{`[range(1e9) as $i|reverse]`,nums},{`[range(1e9) as $i|.[0]=1]`,nums},{`[range(1e9) as $i|.[:-1]]`,nums},{`[range(1e9) as $i|first(.[])]`,nums},{`to_entries|length`,nums},{`[range(1e9)|{}]`,`1`},{`[range(1e9)|{a:1,b:2,c:[1]}]`,`1`},{`reduce range(1e9) as $i ({}; .[$i|tostring]=$i)`,`1`},{`reduce range(1e9) as $i ([]; .[$i]=$i)`,`1`},{`reduce range(1e9) as $i (0; [.])`,`1`},{`reduce range(1e5) as $i (0; [.])|tojson`,`1`},{`reduce range(1e9) as $i (.; .[$i%1000][99999]=1)`,`null`},{`[range(1e9)|[][99999]=1]`,`null`},
 {`[range(1e9) as $i|.a=$i]`,wide},{`[range(1e9) as $i|.x.a=$i]`,wide2},{`[range(1e9) as $i|.+{a:1}]`,wide},{`[range(1e9) as $i|keys]`,wide},{`[range(1e9) as $i|.z|=1]`,wide},{`.x|=with_entries(.value+=1)|.x.k1`,wide2},{`jn(1e9;1e9)`,`1`},{`[range(-1e9;1e9;0.0001)]`,`1`},{`last(range(1e12))`,`1`},{`[splits("a")]`,`"b"`},{`combinations`,`[[1,2,3],[1,2,3],[1,2,3],[1,2,3],[1,2,3],[1,2,3],[1,2,3],[1,2,3],[1,2,3],[1,2,3],[1,2,3],[1,2,3],[1,2,3]]`},{`[combinations(30)]`,`[1,2]`},{`walk(.,.)`,`[[[[[[[[1,2],[3]]]]]]]]`},{`[..]|length`,nums},{`until(false;.)`,`1`},{`isempty(repeat(empty))`,`1`},{`[recurse(if .<1e9 then .+1 else empty end)]`,`1`},
 }{
  st:=time.Now()
  f,err:=transform.Parse(c.p)
  pt:=time.Since(st)
  x:=c.p; if len(x)>70{x=".."+x[len(x)-40:]}
  if err!=nil{fmt.Printf("%-70s PARSE %v %v\n",x,pt,err);continue}
  var m1,m2 runtime.MemStats
  runtime.GC()
  runtime.ReadMemStats(&m1)
  st=time.Now()
  out,err:=f.Apply(t.Context(),[]byte(c.b))
  d:=time.Since(st)
  runtime.ReadMemStats(&m2)
  mark:=""
  if d>110*time.Millisecond {mark+=" SLOW"}
  if m2.TotalAlloc-m1.TotalAlloc>100<<20 {mark+=" MEM"}
  if len(out)>30 {out=out[:30]}
  fmt.Printf("%-70s %v alloc %dM sys %dM %s %v%s\n",x,d.Round(10*time.Microsecond),(m2.TotalAlloc-m1.TotalAlloc)>>20,(m2.HeapSys-m1.HeapSys)>>20,out,err,mark)
 }
}
