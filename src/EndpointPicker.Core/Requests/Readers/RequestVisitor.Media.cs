namespace EndpointPicker.Core.Requests.Readers;

internal sealed partial class RequestVisitor
{
    private readonly ImageSizeReader _imageSize = new();
    private XxHash64 _mediaHash;
    private MediaKind _media;
    private PromptLane _mediaLane;
    private long _mediaBytes;
    private bool _mediaOn;

    /// <summary>How many parts of the prompt are no text.</summary>
    public int MediaParts { get; private set; }

    private void StartMedia(Shape shape)
    {
        MediaParts++;
        _mediaOn = true;
        _media = shape.Media;
        _mediaLane = shape.Lane;
        _mediaBytes = 0;
        _mediaHash = new XxHash64();
        _imageSize.Begin();
    }

    // The last of several contents counts for the size; all of them count for the hash.
    private void StartMediaContent() => _imageSize.Begin();

    private void TakeMedia(ReadOnlySpan<byte> content)
    {
        if (_sink is null || !_mediaOn)
        {
            return;
        }

        _mediaHash.Append(content);
        _mediaBytes += content.Length;
        if (_media == MediaKind.Image)
        {
            _imageSize.Append(content);
        }
    }

    private void EndMedia()
    {
        _mediaOn = false;
        if (_sink is null || _mediaBytes == 0)
        {
            return;
        }

        int tokens = _media switch
        {
            MediaKind.Image => estimate.Image(_imageSize.Width, _imageSize.Height),
            MediaKind.Video => estimate.Video(_request.Headers),
            _ => TokenEstimate.Audio(_mediaBytes),
        };
        _sink.Media(_mediaLane, _mediaHash.Digest(), tokens);
    }
}
