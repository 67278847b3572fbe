using System.Globalization;
using System.Text;

namespace EndpointPicker.Core.Requests.Readers;

internal sealed partial class RequestVisitor
{
    private readonly RequestError?[] _faults = new RequestError?[32];
    private uint _present;
    private uint _nonEmpty;
    private bool _anyFault;

    /// <summary>The first member, in the schema's order, that has the wrong shape; what is missing comes last.</summary>
    /// <returns><see langword="null"/> where the body has the schema's shape.</returns>
    public RequestError? Check()
    {
        for (int i = 0; _anyFault && i < _schema.Root.Members.Length; i++)
        {
            if (_faults[i] is { } fault)
            {
                return fault;
            }
        }

        uint there = 0;
        uint filled = 0;
        for (int i = 0; i < _schema.Root.Members.Length; i++)
        {
            if (Array.IndexOf(_schema.Required, _schema.Root.Members[i].Text) >= 0)
            {
                there |= _present & (1u << i);
                filled |= _nonEmpty & (1u << i);
            }
        }

        if (filled != 0 || (_schema.MayBeEmpty && there != 0))
        {
            return null;
        }

        string names = string.Join(" or ", _schema.Required.Select(name => $"'{name}'"));
        return new RequestError($"the {_schema.What} {(there != 0 ? "has an empty" : "lacks")} {names}; it must be there and not be empty")
        {
            Parameter = _schema.Required[0],
            ReferenceMessage = there != 0 ? _schema.ReferenceEmpty ?? _schema.ReferenceMissing : _schema.ReferenceMissing,
        };
    }

    private void ClearFaults()
    {
        MediaParts = 0;
        _present = 0;
        _nonEmpty = 0;
        if (_anyFault)
        {
            Array.Clear(_faults);
            _anyFault = false;
        }
    }

    private void EnterSlot(int slot)
    {
        _slot = slot;
        if (slot >= 0)
        {
            _present &= ~(1u << slot);
            _nonEmpty &= ~(1u << slot);
            _faults[slot] = null;
        }
    }

    private void NotePresence()
    {
        if (_slot >= 0)
        {
            _present |= 1u << _slot;
        }
    }

    private void NoteContent()
    {
        if (_slot >= 0)
        {
            _nonEmpty |= 1u << _slot;
        }
    }

    private void NoteMismatch(Shape shape, JsonKinds kind) =>
        Note($"must be {Spell(shape.Allowed)}, not {Spell(kind)}");

    private void NoteMixture(JsonKinds kind) =>
        Note($"must be of the same kind as the elements before it, not {Spell(kind)}");

    private void NoteNumber(string wanted, ReadOnlySpan<byte> text) =>
        Note($"must be {wanted}, not {Encoding.UTF8.GetString(text[..Math.Min(text.Length, 40)])}");

    private void Note(string complaint)
    {
        if (_slot < 0 || _faults[_slot] is not null)
        {
            return;
        }

        string member = _schema.Root.Members[_slot].Text;
        string detail = $"{Path()} {complaint}";
        if (!_schema.ReferenceMismatchOf.TryGetValue(member, out string? reference))
        {
            reference = _schema.ReferenceMismatch is { } format
                ? string.Format(CultureInfo.InvariantCulture, format, detail)
                : _schema.ReferenceMissing;
        }

        _anyFault = true;
        _faults[_slot] = new RequestError($"in the {_schema.What} {detail}") { Parameter = member, ReferenceMessage = reference };
    }

    private string Path()
    {
        StringBuilder path = new();
        for (int i = 0; i < _depth; i++)
        {
            Frame frame = _frames[i];
            if (!frame.IsObject)
            {
                path.Append(CultureInfo.InvariantCulture, $"[{frame.Index}]");
                continue;
            }

            int member = i + 1 < _depth ? _frames[i + 1].MemberOfParent : _nextMember;
            path.Append(i == 0 ? "" : ".").Append(frame.Shape.Members[member].Text);
        }

        return path.ToString();
    }

    private static string Spell(JsonKinds kinds)
    {
        List<string> words = [];
        Add(JsonKinds.String, "a string");
        Add(JsonKinds.Number, "a number");
        Add(JsonKinds.Object, "an object");
        Add(JsonKinds.Array, "an array");
        if ((kinds & (JsonKinds.True | JsonKinds.False)) != 0)
        {
            words.Add("a boolean");
        }

        Add(JsonKinds.Null, "null");
        return string.Join(" or ", words);

        void Add(JsonKinds kind, string word)
        {
            if ((kinds & kind) != 0)
            {
                words.Add(word);
            }
        }
    }
}
