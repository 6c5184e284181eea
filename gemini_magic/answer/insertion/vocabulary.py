"""What is known of Python's library and its neighbours: what changes nothing, and what does.

Whatever is not in these tables counts as changing what it is given.
"""

from __future__ import annotations

# Builtins that change no argument.
PURE_BUILTINS = frozenset(
    "abs all any ascii bin bool bytes callable chr complex dict dir divmod enumerate filter float"
    " format frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max"
    " memoryview min object oct open ord pow print property range repr reversed round set slice"
    " sorted str sum super tuple type zip".split()
)
# Those whose result has nothing of its arguments in it.
FRESH_BUILTINS = frozenset(
    "abs all any ascii bin bool callable chr complex divmod float format hash hex id int isinstance"
    " issubclass len oct open ord pow print range repr round str sum".split()
)
# What can reach every name.
REACHES_ALL = frozenset("__import__ eval exec get_ipython globals locals vars".split())
# What returns a value that is used up by whoever reads it: functions, then methods.
ITERATORS = frozenset(
    "DictReader accumulate chain combinations count cycle enumerate filter finditer glob groupby"
    " iglob islice iter iterrows iterdir itertuples map open pairwise permutations product reader"
    " repeat reversed rglob scandir starmap takewhile walk zip zip_longest".split()
)
ITERATING_METHODS = frozenset("finditer glob iterdir iterrows itertuples open rglob".split())

# Modules whose functions keep no state and change no argument, but for those below.
PURE_MODULES = frozenset(
    "PIL abc array base64 bisect bs4 calendar cmath collections colorsys copy csv dataclasses"
    " datetime dateutil difflib enum fractions functools hashlib heapq html io ipaddress itertools"
    " json keyword math mpmath networkx numbers numpy operator pandas pathlib pprint pytz re"
    " scipy seaborn sklearn statistics statsmodels string struct sympy tabulate textwrap time"
    " timeit types typing unicodedata uuid zlib zoneinfo".split()
)
CHANGES_ARGUMENTS = frozenset(
    "copyto dump fill_diagonal heapify heappop heappush heappushpop heapreplace insort insort_left"
    " insort_right place put put_along_axis putmask setattr shuffle update_wrapper".split()
)
# Functions that return what they were given, or a part of it.
RETURNS_ARGUMENT = frozenset(
    "asanyarray asarray atleast_1d atleast_2d atleast_3d broadcast_to choice copy moveaxis nditer"
    " partial ravel reader reduce reshape rot90 squeeze swapaxes transpose writer".split()
)
# What all later code may notice, wherever it is set.
CONFIGURES = frozenset(
    "basicConfig disable filterwarnings getcontext option_context rc rcdefaults register"
    " reset_option seterr set_context set_int_max_str_digits set_option set_palette"
    " set_printoptions set_style set_theme setcontext setlocale setrecursionlimit simplefilter"
    " switch_backend tzset use".split()
)

# Methods that change nothing of what they are called on, and return something new.
_TEXT = """capitalize casefold center count decode encode endswith expandtabs find format format_map
index isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace
istitle isupper join ljust lower lstrip partition removeprefix removesuffix replace rfind rindex
rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper
zfill hex bit_length as_integer_ratio group groups groupdict span match fullmatch search findall
finditer sub isoformat strftime strptime timestamp total_seconds weekday isocalendar date time"""
_CONTAINERS = """copy deepcopy difference intersection isdisjoint issubset issuperset
symmetric_difference union most_common elements"""
_FRAMES = """abs add agg aggregate all any apply applymap argmax argmin argsort astype autocorr
between bfill clip combine combine_first corr corrwith cov crosstab cummax cummin cumprod cumsum
describe diff div dot drop_duplicates dropna dt duplicated eq equals ewm expanding explode ffill
fillna floordiv ge get_group gt idxmax idxmin info interpolate isin isna isnull item kurt kurtosis
le lt mad map max mean median melt memory_usage merge min mod mode mul ne nlargest notna notnull
nsmallest nunique pct_change pivot pivot_table pow prod product quantile rank reindex resample
reset_index rolling round searchsorted sem set_index shift skew sort_index sort_values stack std
str sub sum tail to_dict to_flat_index to_list to_numpy to_period to_records to_string to_timestamp
to_markdown tolist transform truncate unique unstack value_counts var where xs assign cat predict
predict_proba score transpose flatten nonzero trace conj tobytes evalf subs simplify expand factor
get_params conf_int summary"""
FRESH_METHODS = frozenset(f"{_TEXT} {_CONTAINERS} {_FRAMES}".split())
# Methods that change nothing, and return a part of what they are called on.
VIEW_METHODS = frozenset(
    "filter get groupby head items iterrows itertuples keys loc query ravel reshape select_dtypes"
    " squeeze swapaxes values view first last nodes edges neighbors degree".split()
)

# Files, by the last name of the call: of anything, and of a module only.
WRITES = frozenset(
    "ExcelWriter FileHandler PdfPages ZipFile connect extractall imsave imwrite mkdir save savefig"
    " savemat savetxt savez savez_compressed to_csv to_excel to_feather to_file to_hdf to_html"
    " to_json to_latex to_parquet to_pickle to_sql to_stata to_xml touch tofile unlink write_bytes"
    " write_csv write_html write_image write_json write_parquet write_text".split()
)
WRITES_IN_MODULES = frozenset(
    "Popen chdir check_call check_output copy copy2 copyfile copytree getoutput makedirs mkdtemp"
    " move popen remove rename replace rmdir rmtree run symlink system urlretrieve".split()
)
# Those that write only where they are given a name.
WRITES_IF_NAMED = frozenset(name for name in WRITES if name.startswith(("to_", "write_")))
READS = frozenset(
    "ExcelFile Image ZipFile connect exists fromfile genfromtxt getsize glob iglob imread is_file"
    " iterdir listdir load load_workbook loadmat loadtxt open popen read_bytes read_csv"
    " read_excel read_feather read_fwf read_hdf read_html read_json read_parquet read_pickle"
    " read_table read_text read_xml rglob run scandir stat system walk".split()
)
# Drawing on the figure at hand by methods of a frame, and what ends or begins a figure.
DRAWS = frozenset("area bar barh boxplot hexbin hist kde pie plot scatter".split())
ENDS_FIGURE = frozenset("close show".split())
BEGINS_FIGURE = frozenset("figure subplots subplot_mosaic".split())
DRAWING_MODULES = frozenset("matplotlib pylab seaborn".split())
RANDOM_METHODS = frozenset("rvs sample train_test_split".split())
# Sources of random numbers with a state of their own.
OWN_RANDOM = frozenset("Generator PCG64 Random RandomState SystemRandom default_rng".split())
